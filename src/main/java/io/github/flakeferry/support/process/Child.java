package io.github.flakeferry.support.process;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  static final ThreadFactory PIPES = Thread.ofPlatform().daemon().name("pipe-", 0).factory();

  static final Executor THREADS = task -> PIPES.newThread(task).start();

  private static final Duration TICK = Duration.ofMillis(100);

  /** How long its streams are waited for in vain when it has ended, in ticks. */
  private static final int PATIENCE = 30;

  /** How long it has to put a terminal in order, or is waited for when it was killed. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Command command;
  private final Process process;
  private volatile long heard = System.nanoTime();

  private Child(Command command, ProcessBuilder builder) throws IOException {
    this.command = command;
    this.process = builder.start();
  }

  /**
   * Its output is what the taker kept.
   *
   * @param errorLine gets each line of its standard error as it comes
   * @throws IOException if it can't be started, a stream fails, or the thread is interrupted
   */
  static Finished run(
      Command command,
      ProcessBuilder builder,
      Feed.Feeder feeder,
      Drain.Taker taker,
      Consumer<String> errorLine)
      throws IOException {
    return new Child(command, builder).run(feeder, taker, errorLine);
  }

  /**
   * On our own terminal, which it may put in order before it is killed.
   *
   * @throws IOException if it can't be started, or the thread is interrupted
   */
  static Exit runInPlace(Command command, ProcessBuilder builder) throws IOException {
    var child = new Child(command, builder.inheritIO());
    try {
      if (child.process.waitFor(command.deadline())) {
        return exitOf(child.process.exitValue());
      }
      child.dismiss();
      return new Exit.TimedOut(command.deadline());
    } catch (InterruptedException e) {
      child.dismiss();
      throw child.interrupted();
    }
  }

  private Finished run(Feed.Feeder feeder, Drain.Taker taker, Consumer<String> errorLine)
      throws IOException {
    var lastErrorLines = new ArrayDeque<String>();
    Drain errors =
        Drain.of(
            process.getErrorStream(),
            new Lines(
                line -> {
                  if (lastErrorLines.size() == Command.KEPT_LINES) {
                    lastErrorLines.removeFirst();
                  }
                  lastErrorLines.addLast(line);
                  heard = System.nanoTime();
                  errorLine.accept(line);
                }));
    Drain output = Drain.of(process.getInputStream(), hearing(taker));
    Feed input = Feed.of(process.getOutputStream(), feeder, this::kill);
    Future<Void> streams =
        CompletableFuture.allOf(endedWell(errors), endedWell(output), input.ended());
    try {
      Exit exit = await();
      input.cancel();
      for (int tick = 0; !isDone(streams, TICK); tick++) {
        errors.tick(PATIENCE);
        output.tick(PATIENCE);
        if (tick == PATIENCE) {
          input.leave();
        }
      }
      return new Finished(command, exit, taker.kept(), List.copyOf(lastErrorLines));
    } catch (InterruptedException e) {
      input.cancel();
      killAndWait(streams);
      errors.leave();
      output.leave();
      throw interrupted();
    } catch (ExecutionException e) {
      throw asIo(e.getCause());
    }
  }

  private CompletableFuture<Void> endedWell(Drain drain) {
    return drain
        .ended()
        .whenComplete(
            (_, fault) -> {
              if (fault != null) {
                kill();
              }
            });
  }

  private Drain.Taker hearing(Drain.Taker taker) {
    return new Drain.Taker() {
      @Override
      public void take(byte[] bytes, int offset, int count) throws IOException {
        heard = System.nanoTime();
        taker.take(bytes, offset, count);
      }

      @Override
      public void end() {
        taker.end();
      }
    };
  }

  private Exit await() throws InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      Duration left = left(command.deadline(), begun);
      Duration silent = left(command.silence(), heard);
      if (process.waitFor(left.compareTo(silent) < 0 ? left : silent)) {
        return exitOf(process.exitValue());
      }
      if (!left(command.deadline(), begun).isPositive()) {
        killAndWait();
        return new Exit.TimedOut(command.deadline());
      }
      if (!left(command.silence(), heard).isPositive()) {
        killAndWait();
        return new Exit.Silent(command.silence());
      }
    }
  }

  private static Duration left(Duration of, long since) {
    return of.minusNanos(System.nanoTime() - since);
  }

  private void killAndWait() throws InterruptedException {
    kill();
    process.waitFor();
  }

  private static boolean isDone(Future<?> streams, Duration longest)
      throws InterruptedException, ExecutionException {
    try {
      streams.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private void killAndWait(Future<?> streams) {
    kill();
    try {
      isDone(streams, GRACE);
    } catch (InterruptedException | ExecutionException e) {
      // nobody asks any more
    }
  }

  private void dismiss() {
    process.toHandle().destroy();
    try {
      process.waitFor(GRACE);
    } catch (InterruptedException e) {
      // it has no time left
    } finally {
      kill();
    }
  }

  /**
   * Parents first: who sees a child die may tell of that, and begin another one. By its handle: the
   * process itself would close our ends of its streams as well, and wait for whoever writes to one.
   */
  private void kill() {
    if (process.isAlive()) {
      List<ProcessHandle> descendants = process.descendants().toList(); // nobody's, once it is dead
      process.toHandle().destroyForcibly();
      descendants.forEach(ProcessHandle::destroyForcibly);
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
