package io.github.flakeferry.board;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One {@code nix-store --serve --write} on a board, on a channel of its own. */
final class ServeChannel implements AutoCloseable {
  /** Tells this program's channels on a board from those of others. */
  private static final String MARK = "FLAKEFERRY_TRANSFER=" + UUID.randomUUID();

  private static final String PATH =
      "PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH:/usr/bin:/bin";

  private static final String SERVE = commandLine("nix-store --serve --write");

  private static final String END_LOST =
      PATH
          + "; for found in $(grep -lxzF '"
          + MARK
          + "' /proc/[0-9]*/environ 2>/dev/null); do"
          + " found=${found#/proc/}; kill \"${found%/environ}\"; done\n";

  private static final Duration END_WITHIN = Duration.ofSeconds(30);

  /** Beside what must be waited for; a board that is busy takes its time. */
  private static final Duration LOOK_WITHIN = Duration.ofMinutes(2);

  private static final int BUFFER = 1 << 16;
  private static final int LAST_WORDS_SECONDS = 5;

  private final Remote serve;
  private final OutputStream out;
  private final ServeProtocol protocol;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Future<List<String>> errors;

  /** Starts it; it must be greeted next. */
  ServeChannel(Connection connection) throws IOException {
    this(connection.exec(SERVE));
  }

  /**
   * @param serve what starts it, or will
   */
  ServeChannel(Remote serve) {
    this.serve = serve;
    out = new BufferedOutputStream(serve.input(), BUFFER);
    protocol = new ServeProtocol(serve.output(), out);
    errors = threads.submit(() -> LastLines.of(serve.errors(), 20));
  }

  /**
   * A line for any login shell that runs one of this program's commands.
   *
   * @param command without single quotes
   */
  static String commandLine(String command) {
    return "/bin/sh -c 'export " + MARK + "; " + PATH + " exec " + command + "'";
  }

  /**
   * Ends those of this program whose link was lost. The board's OpenSSH may not hear of the loss
   * for hours, and meanwhile they keep the locks of the paths that were on their way.
   */
  static void endLost(Connection connection) throws IOException {
    connection.runAsUser(END_LOST, END_WITHIN);
  }

  /**
   * Ends those of other runs that hold the lock of a path and have read nothing for so long, as far
   * as the user who logged in may.
   *
   * @return whether there was one
   */
  static boolean endStalled(Connection connection, Duration still) throws IOException {
    String script =
        "mark=%s still=%d\n%s"
            .formatted(Scripts.quoted(MARK), still.toSeconds(), Scripts.resource("stalled"));
    return !connection.runAsUser(script, LOOK_WITHIN.plus(still)).output().isBlank();
  }

  ServeProtocol protocol() {
    return protocol;
  }

  /** Where the NARs go that were announced. */
  OutputStream out() {
    return out;
  }

  /**
   * How the program ended and what it said, after a stream of it has ended or broken; empty if it
   * has not ended but the link. The protocol has no frame for errors.
   */
  Optional<String> lastWords() {
    try {
      int status = serve.status();
      String said = String.join("\n", errors.get(LAST_WORDS_SECONDS, TimeUnit.SECONDS));
      return Optional.of(said.isEmpty() ? "nix-store ended with " + status : said);
    } catch (IOException | ExecutionException | TimeoutException linkLost) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    serve.close();
    // what the board does not close says nothing more that matters
    threads.shutdownNow();
    threads.close();
  }
}
