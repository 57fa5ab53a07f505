package io.github.flakeferry.cache;

import java.util.Optional;

/**
 * What fails while a run publishes to a cache: each is told, until the cache is given up. For any
 * number of threads.
 */
final class Failures {
  private final Breaker breaker;
  private final CacheSession.Troubles troubles;
  private Optional<PublishFailed> first = Optional.empty();
  private boolean givenUp;

  Failures(Breaker breaker, CacheSession.Troubles troubles) {
    this.breaker = breaker;
    this.troubles = troubles;
  }

  /** Takes note of one. */
  synchronized void met(PublishFailed failure) {
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

  synchronized Optional<PublishFailed> first() {
    return first;
  }
}
