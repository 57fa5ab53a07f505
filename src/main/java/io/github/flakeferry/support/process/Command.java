package io.github.flakeferry.support.process;

import io.github.flakeferry.model.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A child process to be. Its environment is clean: of ours it gets only what {@link #INHERITED}
 * names, so that no token or key of this process reaches it. The child and its children are killed
 * when the calling thread is interrupted, the deadline passes, or it is silent for too long. What
 * it leaves behind runs on, and is waited for no longer than for some seconds in which it writes
 * nothing. An interrupt is thrown as an {@link java.io.InterruptedIOException}, and stays set.
 */
public record Command(
    List<String> words,
    Optional<Path> directory,
    Map<String, String> environment,
    Map<String, Secret> secrets,
    Duration deadline,
    Duration silence) {

  /** How many lines of standard error are kept. */
  public static final int KEPT_LINES = 100;

  private static final String LOOPBACK = "127.0.0.1";
  private static final List<String> PROXIES =
      List.of("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
  private static final Duration NO_DEADLINE = Duration.ofDays(365);
  private static final List<String> INHERITED =
      List.of(
          "PATH",
          "HOME",
          "USER",
          "LANG",
          "LC_ALL",
          "TMPDIR",
          "TZ",
          "TERM",
          "XDG_CACHE_HOME",
          "XDG_CONFIG_HOME",
          "XDG_STATE_HOME",
          "NIX_REMOTE",
          "NIX_CONF_DIR",
          "NIX_PATH",
          "NIX_SSL_CERT_FILE",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "ALL_PROXY",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "all_proxy");

  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
    secrets = Map.copyOf(secrets);
  }

  public static Command of(String... words) {
    return of(List.of(words));
  }

  public static Command of(List<String> words) {
    return new Command(words, Optional.empty(), Map.of(), Map.of(), NO_DEADLINE, NO_DEADLINE);
  }

  public Command and(String... more) {
    var all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new Command(all, directory, environment, secrets, deadline, silence);
  }

  public Command and(List<String> more) {
    return and(more.toArray(String[]::new));
  }

  public Command in(Path folder) {
    return new Command(words, Optional.of(folder), environment, secrets, deadline, silence);
  }

  /** Sets a variable of the child's, which may be shown: never a secret. */
  public Command with(String variable, String value) {
    var all = new LinkedHashMap<>(environment);
    all.put(variable, value);
    return new Command(words, directory, all, secrets, deadline, silence);
  }

  /**
   * Sets a variable of the child's that is shown nowhere. Whoever runs as the same user can read
   * it, and what the child starts inherits it: only for a program that takes its secret no other
   * way, and runs nobody else's code.
   */
  public Command withSecret(String variable, Secret value) {
    var all = new LinkedHashMap<>(secrets);
    all.put(variable, value);
    return new Command(words, directory, environment, all, deadline, silence);
  }

  /** Kills it when it takes longer. */
  public Command within(Duration longest) {
    return new Command(words, directory, environment, secrets, longest, silence);
  }

  /** Kills it when it says nothing for longer, on its output or its standard error. */
  public Command neverSilentFor(Duration longest) {
    return new Command(words, directory, environment, secrets, deadline, longest);
  }

  /** The first word. */
  public String program() {
    return words.getFirst();
  }

  /**
   * Runs it to its end and keeps its output.
   *
   * @throws IOException if it can't be started, or the thread is interrupted
   */
  public Finished run() throws IOException {
    return run("");
  }

  /**
   * Runs it to its end with this text as its standard input and keeps its output.
   *
   * @throws IOException if it can't be started, or the thread is interrupted
   */
  public Finished run(String input) throws IOException {
    return run(input, line -> {});
  }

  /**
   * The same, and hands each line of its standard error on as it comes, on a thread of its own.
   *
   * @throws IOException if it can't be started, or the thread is interrupted
   */
  public Finished run(String input, Consumer<String> errorLine) throws IOException {
    return keep(builder(), out -> out.write(input.getBytes(StandardCharsets.UTF_8)), errorLine);
  }

  /**
   * Runs it to its end and hands each line on as it comes. The two consumers are called on threads
   * of their own.
   *
   * @throws IOException if it can't be started, or the thread is interrupted
   */
  public Finished run(Consumer<String> outputLine, Consumer<String> errorLine) throws IOException {
    return run(out -> {}, new Lines(outputLine), errorLine);
  }

  /**
   * Runs it to its end and copies its standard output to a stream, which stays open.
   *
   * @throws IOException if it can't be started, ends badly, the stream can't be written, or the
   *     thread is interrupted
   */
  public void writeTo(OutputStream sink) throws IOException {
    run(out -> {}, sink::write, line -> {}).orThrow();
  }

  /**
   * Runs it to its end between two streams, which stay open. It need not read all of its source; it
   * is killed where that can't be read to its end.
   *
   * @throws IOException if it can't be started, a stream can't be read or written, or the thread is
   *     interrupted
   */
  public Finished pipe(InputStream source, OutputStream sink) throws IOException {
    return run(source::transferTo, sink::write, line -> {});
  }

  /**
   * Runs it to its end on our own terminal: its input, output and errors are this process's. What
   * is to end it asks it to first (SIGTERM), so that it can put the terminal in order.
   *
   * @throws IOException if it can't be started, or the thread is interrupted
   */
  public Exit runInPlace() throws IOException {
    return Child.runInPlace(this, builder());
  }

  /**
   * Runs it to its end and keeps its output; its standard error is this process's, a terminal
   * perhaps.
   *
   * @throws IOException if it can't be started, or the thread is interrupted
   */
  public Finished runWithOurErrors() throws IOException {
    return keep(builder().redirectError(ProcessBuilder.Redirect.INHERIT), out -> {}, line -> {});
  }

  private Finished keep(ProcessBuilder builder, Feed.Feeder feeder, Consumer<String> errorLine)
      throws IOException {
    return Child.run(this, builder, feeder, new Kept(), errorLine);
  }

  private static final class Kept implements Drain.Taker {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    @Override
    public void take(byte[] bytes, int offset, int count) {
      all.write(bytes, offset, count);
    }

    @Override
    public String kept() {
      return all.toString(StandardCharsets.UTF_8);
    }
  }

  private Finished run(Feed.Feeder feeder, Drain.Taker taker, Consumer<String> errorLine)
      throws IOException {
    return Child.run(this, builder(), feeder, taker, errorLine);
  }

  private ProcessBuilder builder() {
    var builder = new ProcessBuilder(words);
    directory.ifPresent(d -> builder.directory(d.toFile()));
    builder.environment().keySet().retainAll(INHERITED);
    builder.environment().putAll(environment);
    secrets.forEach((variable, secret) -> builder.environment().put(variable, secret.reveal()));
    passByProxies(builder.environment());
    return builder;
  }

  // what we offer it on this machine is nothing to ask a proxy for; "*" counts only alone
  private static void passByProxies(Map<String, String> variables) {
    if (PROXIES.stream().anyMatch(variables::containsKey)) {
      String others =
          variables.getOrDefault("no_proxy", variables.getOrDefault("NO_PROXY", "")).strip();
      if (!others.equals("*")) {
        variables.put("no_proxy", others.isEmpty() ? LOOPBACK : others + "," + LOOPBACK);
      }
    }
  }
}
