package io.github.flakeferry.cache;

import java.util.Optional;

/**
 * What fails for good while a run publishes to a cache: each is told, until the cache is given up.
 * For any number of threads.
 */
final class Failures {
  private final Breaker breaker;
  private final CacheSession.Troubles troubles;
  private Optional<PublishFailed> first = Optional.empty();
  private boolean givenUp;
  private boolean ended;

  Failures(Breaker breaker, CacheSession.Troubles troubles) {
    this.breaker = breaker;
    this.troubles = troubles;
  }

  /**
   * Takes note of one that may be gone by another try, and tells nobody yet.
   *
   * @return whether there is a point in that try
   */
  synchronized boolean mayPass(PublishFailed failure) {
    if (failure.extent() != PublishFailed.Extent.PASSING || !letGoOn()) {
      return false;
    }
    breaker.failed(failure);
    return breaker.reason().isEmpty();
  }

  /** Takes note of one, until the session ends: then it is most likely for that reason. */
  synchronized void met(PublishFailed failure) {
    if (ended) {
      return;
    }
    boolean known = givenUp;
    breaker.failed(failure);
    givenUp = breaker.reason().isPresent();
    if (!known) {
      troubles.met(failure, givenUp);
    }
    if (first.isEmpty()) {
      first = Optional.of(failure);
    }
  }

  /** The session comes to its end, whatever is still under way. */
  synchronized void end() {
    ended = true;
  }

  synchronized boolean haveEnded() {
    return ended;
  }

  /** Whether there is a point in beginning something. */
  synchronized boolean letGoOn() {
    return !ended && breaker.reason().isEmpty();
  }

  synchronized Optional<PublishFailed> first() {
    return first;
  }
}
