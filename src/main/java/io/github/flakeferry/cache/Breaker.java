package io.github.flakeferry.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Says when a cache is in such trouble that nothing is to be tried with it. It gives the cache up
 * for the rest of a run where that fails in a way that does not pass. Where it fails many times in
 * a row, it trips: nothing more is tried until the cache is asked, or the last round begins. What
 * fails many times in a row then gives the cache up as well. For any number of threads.
 */
final class Breaker {
  static final int IN_A_ROW = 5;

  /** How long a failure counts for all: one outage ends all attempts that are under way. */
  static final Duration OUTAGE = Duration.ofSeconds(10);

  private final Duration outage;
  private final LongSupplier nanos;
  private int row;
  private long counted;
  private boolean last;
  private Optional<PublishFailed> reason = Optional.empty();

  /** For what is tried many times at once, by the machine's clock. */
  static Breaker usual() {
    return new Breaker(OUTAGE, System::nanoTime);
  }

  /** For what is tried once at a time: each failure counts. */
  static Breaker oneAtATime() {
    return new Breaker(Duration.ZERO, System::nanoTime);
  }

  /**
   * @param outage how long a failure counts for all in the first round
   */
  Breaker(Duration outage, LongSupplier nanos) {
    this.outage = outage;
    this.nanos = nanos;
  }

  /** The cache did what it was asked. */
  synchronized void succeeded() {
    row = 0;
  }

  /** Takes note of a failure. */
  synchronized void failed(PublishFailed failure) {
    switch (failure.extent()) {
      case PATH -> {}
      case CACHE -> giveUp(failure);
      case PASSING -> count(failure);
    }
  }

  private void count(PublishFailed failure) {
    long now = nanos.getAsLong();
    if (last || row == 0 || now - counted >= outage.toNanos()) {
      row++;
      counted = now;
    }
    if (last && hasTripped()) {
      giveUp(failure);
    }
  }

  /** What failed before is tried once more, and each failure counts from now on. */
  synchronized void beginLastRound() {
    row = 0;
    last = true;
  }

  /** Whether it failed many times in a row. */
  synchronized boolean hasTripped() {
    return row >= IN_A_ROW;
  }

  /** Does so, if it was not done before. */
  synchronized void giveUp(PublishFailed failure) {
    if (reason.isEmpty()) {
      reason = Optional.of(failure);
    }
  }

  /** Why the cache was given up, if it was. */
  synchronized Optional<PublishFailed> reason() {
    return reason;
  }
}
