package io.github.flakeferry.cache;

import java.util.Optional;

/**
 * Gives a cache up for the rest of a run: at once when it fails in a way that does not pass, or
 * else when it fails many times in a row. For any number of threads.
 */
final class Breaker {
  static final int IN_A_ROW = 5;

  private int row;
  private Optional<PublishFailed> reason = Optional.empty();

  /** The cache did what it was asked. */
  synchronized void succeeded() {
    row = 0;
  }

  /** Takes note of a failure. */
  synchronized void failed(PublishFailed failure) {
    switch (failure.extent()) {
      case PATH -> {}
      case CACHE -> giveUp(failure);
      case PASSING -> {
        if (++row >= IN_A_ROW) {
          giveUp(failure);
        }
      }
    }
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
