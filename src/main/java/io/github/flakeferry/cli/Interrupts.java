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
  private static final Duration IN_TIME = Duration.ofSeconds(3);
  private static final int BY_SIGNAL = 130;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean ending;

  private Interrupts(Thread worker, Runnable begins, Runnable isLate) {
    hook =
        new Thread(
            () -> {
              ending = true;
              begins.run();
              worker.interrupt();
              try {
                if (!done.await(IN_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
                  isLate.run();
                }
                done.await(PATIENCE.minus(IN_TIME).toMillis(), TimeUnit.MILLISECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "interrupts");
  }

  static Interrupts ofThisThread() {
    return ofThisThread(() -> {}, () -> {});
  }

  /**
   * The same for work that has something to tell in the end.
   *
   * @param begins is called before the interrupt
   * @param isLate is called when the thread has not come to its end soon
   */
  static Interrupts ofThisThread(Runnable begins, Runnable isLate) {
    var interrupts = new Interrupts(Thread.currentThread(), begins, isLate);
    try {
      Runtime.getRuntime().addShutdownHook(interrupts.hook);
    } catch (IllegalStateException e) {
      interrupts.ending = true; // before there was anything to interrupt
      Thread.currentThread().interrupt();
    }
    return interrupts;
  }

  /** 130 when a signal ended the run; the JVM itself exits with 128 and the signal's number. */
  OptionalInt exitCodeIfInterrupted() {
    return ending ? OptionalInt.of(BY_SIGNAL) : OptionalInt.empty();
  }

  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      ending = true; // the hook is about to say so, says so, or has said so
    }
  }
}
