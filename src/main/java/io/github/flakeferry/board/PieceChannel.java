package io.github.flakeferry.board;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@link ServeChannel} to which packed pieces can be sent: a script on the board unpacks them
 * ({@code receive.sh} says what it reads).
 */
final class PieceChannel implements AutoCloseable {
  /** What a board can unpack. */
  enum Ability {
    DELTA,
    ZSTD,
    NONE
  }

  private static final byte[] SCRIPT = Scripts.resource("receive").getBytes(StandardCharsets.UTF_8);

  /** The script goes along: it reads no more than itself, or says that it did, before we go on. */
  private static final String COMMAND =
      ServeChannel.commandLine(
          "/bin/sh -c \"eval \\\"\\$(head -c %d)\\\"\"".formatted(SCRIPT.length));

  private static final Pattern ANSWER = Pattern.compile("(ready delta|ready zstd|none) ?(.*)");
  private static final int LONGEST_ANSWER = 400;

  private final Remote remote;
  private final ServeChannel serve;
  private final Ability ability;
  private final String why;

  /**
   * Starts it, and hears what the board can do.
   *
   * @throws IOException if the link is lost, or there can be no further channel
   */
  PieceChannel(Connection connection) throws IOException {
    remote = connection.exec(COMMAND);
    serve = new ServeChannel(remote);
    try {
      serve.out().write(SCRIPT);
      serve.out().flush();
      String answer = answer();
      Matcher said = ANSWER.matcher(answer);
      if (said.matches()) {
        ability =
            switch (said.group(1)) {
              case "ready delta" -> Ability.DELTA;
              case "ready zstd" -> Ability.ZSTD;
              default -> Ability.NONE;
            };
        why = said.group(2);
      } else {
        ability = Ability.NONE;
        why = "it answers with " + answer + serve.lastWords().orElse("");
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  Ability ability() {
    return ability;
  }

  /** What it lacks to be able to do more; may be empty. */
  String why() {
    return Scripts.oneLine(why);
  }

  /** How long so many bytes take to the board, and an answer back; only before {@link #begin}. */
  Duration time(int bytes) throws IOException {
    long began = System.nanoTime();
    line("probe " + bytes, serve.out());
    serve.out().write(new byte[bytes]);
    serve.out().flush();
    String answer = answer();
    if (!answer.equals("probed")) {
      throw new ServeProtocol.Mismatch("the board answers with " + Scripts.oneLine(answer));
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** Starts the board's {@code nix-store} and greets it: from now on pieces can be sent. */
  ServeChannel begin() throws IOException {
    var greeting = new ByteArrayOutputStream();
    ServeProtocol.greet(greeting);
    line("serve\nraw " + greeting.size(), serve.out());
    greeting.writeTo(serve.out());
    return serve;
  }

  /** Announces what comes next. */
  static void line(String text, OutputStream to) throws IOException {
    to.write((text + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  // empty where it has ended without one
  private String answer() throws IOException {
    InputStream from = remote.output();
    var kept = new ByteArrayOutputStream();
    for (int c = from.read(); c >= 0 && c != '\n'; c = from.read()) {
      kept.write(c);
      if (kept.size() > LONGEST_ANSWER) {
        throw new ServeProtocol.Mismatch("the board answers without an end");
      }
    }
    return kept.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    serve.close();
  }
}
