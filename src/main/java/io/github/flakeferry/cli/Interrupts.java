package io.github.flakeferry.cli;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns the end of the process (SIGINT, SIGTERM) into an interrupt of the working thread, and waits
 * for it to come to an end: GitHub leaves 7.5 seconds after SIGINT and 2.5 more after SIGTERM.
 */
final class Interrupts implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(7);
  private static final int BY_SIGNAL = 130;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean ending;

  private Interrupts(Thread worker) {
    hook =
        new Thread(
            () -> {
              ending = true;
              worker.interrupt();
              try {
                done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "interrupts");
  }

  static Interrupts ofThisThread() {
    var interrupts = new Interrupts(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(interrupts.hook);
    return interrupts;
  }

  /** 130 when a signal ended the run; the JVM itself exits with 128 and the signal's number. */
  OptionalInt exitCodeIfInterrupted() {
    return ending ? OptionalInt.of(BY_SIGNAL) : OptionalInt.empty();
  }

  @Override
  public void close() {
    done.countDown();
    if (!ending) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
