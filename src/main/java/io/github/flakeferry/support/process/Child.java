package io.github.flakeferry.support.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A child process that runs to its end: all of its streams are drained meanwhile, each by a thread
 * of its own, so that none of them can hold it up.
 */
final class Child {
  /**
   * Not virtual: a read from a pipe keeps the processor's thread below. Java puts another one in
   * its place, which ends after 30 idle seconds and is not replaced, so two programs that say
   * nothing for so long bring all virtual threads of a machine with two processors to a stop.
   */
  private static final ThreadFactory PIPES =
      Thread.ofPlatform().daemon().name("pipe-", 0).factory();

  private final Command command;
  private final Process process;

  private Child(Command command, ProcessBuilder builder) throws IOException {
    this.command = command;
    this.process = builder.start();
  }

  /** Gives a child its standard input. */
  interface Feeder {
    void feed(OutputStream to) throws IOException;
  }

  /** Takes a child's standard output, and says what is to be kept of it. */
  interface Drainer {
    String drain(InputStream from) throws IOException;
  }

  /**
   * @param errorLine gets each line of its standard error as it comes
   * @throws IOException if it can't be started, a stream fails, or the thread is interrupted
   */
  static Finished run(
      Command command,
      ProcessBuilder builder,
      Feeder feeder,
      Drainer drainer,
      Consumer<String> errorLine)
      throws IOException {
    return new Child(command, builder).run(feeder, drainer, errorLine);
  }

  /**
   * On our own terminal.
   *
   * @throws IOException if it can't be started, or the thread is interrupted
   */
  static Exit runInPlace(Command command, ProcessBuilder builder) throws IOException {
    var child = new Child(command, builder.inheritIO());
    try {
      return exitOf(child.process.waitFor());
    } catch (InterruptedException e) {
      throw child.interrupted();
    } finally {
      child.kill();
    }
  }

  private Finished run(Feeder feeder, Drainer drainer, Consumer<String> errorLine)
      throws IOException {
    try (var threads = Executors.newThreadPerTaskExecutor(PIPES)) {
      Future<String> output = threads.submit(() -> drain(drainer));
      var lastErrorLines = new ArrayDeque<String>();
      Future<?> errors = threads.submit(asTask(() -> keepErrors(lastErrorLines, errorLine)));
      Future<?> input = threads.submit(asTask(() -> feed(feeder)));
      try {
        Exit exit = await();
        input.cancel(true);
        errors.get();
        return new Finished(command, exit, output.get(), List.copyOf(lastErrorLines));
      } finally {
        kill(); // before the threads are waited for: they read until its streams end
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw asIo(e.getCause());
    }
  }

  private String drain(Drainer drainer) throws IOException {
    try (InputStream in = process.getInputStream()) {
      return drainer.drain(in);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private void keepErrors(Deque<String> last, Consumer<String> errorLine) throws IOException {
    lines(
        process.getErrorStream(),
        line -> {
          if (last.size() == Command.KEPT_LINES) {
            last.removeFirst();
          }
          last.addLast(line);
          errorLine.accept(line);
        });
  }

  private void feed(Feeder feeder) {
    try (OutputStream out = process.getOutputStream()) {
      feeder.feed(out);
    } catch (IOException e) {
      // it ended or closed its input before it had read it all: its exit code tells
    }
  }

  private Exit await() throws InterruptedException {
    if (process.waitFor(command.deadline().toMillis(), TimeUnit.MILLISECONDS)) {
      return exitOf(process.exitValue());
    }
    kill();
    process.waitFor();
    return new Exit.TimedOut(command.deadline());
  }

  private void kill() {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("`" + command.program() + "` was interrupted");
  }

  // Java reports a death by signal N as 128 + N, as a shell does
  private static Exit exitOf(int value) {
    return value > 128 && value < 128 + 65 ? new Exit.Signal(value - 128) : new Exit.Code(value);
  }

  /** Hands each line on as it comes. */
  static void lines(InputStream from, Consumer<String> each) throws IOException {
    try (var reader =
        new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8), 1 << 16)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        each.accept(line);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static Callable<Boolean> asTask(Work work) {
    return () -> {
      work.run();
      return true;
    };
  }

  private static IOException asIo(@Nullable Throwable cause) {
    return switch (cause) {
      case UncheckedIOException e -> new IOException(e.getMessage(), e);
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> new IOException(cause);
    };
  }
}
