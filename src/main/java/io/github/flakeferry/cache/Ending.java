package io.github.flakeferry.cache;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** How the threads of a session come to their end. */
final class Ending {
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private Ending() {}

  /**
   * Waits for all of it.
   *
   * @throws UncheckedIOException with an {@link InterruptedIOException} when interrupted
   */
  static void await(Future<?> all) {
    try {
      all.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("interrupted while publishing"));
    } catch (ExecutionException e) {
      throw new IllegalStateException("publishing failed by a defect", e.getCause());
    }
  }

  /**
   * Interrupts what has not ended by itself, and keeps an interrupt of the calling thread for
   * afterwards.
   *
   * @param threads shut down
   */
  static void within(Duration grace, ExecutorService threads) {
    boolean interrupted = Thread.interrupted();
    try {
      if (!threads.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
        threads.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
