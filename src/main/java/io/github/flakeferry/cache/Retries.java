package io.github.flakeferry.cache;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Tries again what may pass.
 *
 * @param attempts how often in all
 * @param first the pause after the first attempt; it doubles, give or take a quarter
 */
record Retries(int attempts, Duration first) {
  static final Retries USUAL = new Retries(5, Duration.ofMillis(500));

  /** A failure that may be gone in a moment. */
  static final class Passing extends RuntimeException {
    private final PublishFailed failure;
    private final Duration asked;

    /**
     * @param asked how long the server wants us to wait; zero if it does not say
     */
    Passing(PublishFailed failure, Duration asked) {
      super(failure);
      this.failure = failure;
      this.asked = asked;
    }
  }

  /**
   * @throws PublishFailed the failure of the last attempt, or one that does not pass
   */
  <T> T run(Supplier<T> attempt) {
    Duration pause = first;
    for (int n = 1; ; n++) {
      try {
        return attempt.get();
      } catch (Passing e) {
        if (n == attempts) {
          throw e.failure;
        }
        sleep(e.asked.compareTo(pause) > 0 ? e.asked : pause);
        pause = pause.multipliedBy(2);
      }
    }
  }

  private static void sleep(Duration pause) {
    long millis = pause.toMillis();
    try {
      // many uploads fail together: they should not come back together
      Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("interrupted between attempts"));
    }
  }
}
