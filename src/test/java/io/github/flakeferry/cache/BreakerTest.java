package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cache.PublishFailed.Extent;
import io.github.flakeferry.model.FailureCode;
import org.junit.jupiter.api.Test;

final class BreakerTest {
  private final Breaker breaker = new Breaker();

  private static PublishFailed failure(Extent extent) {
    return PublishFailed.of(FailureCode.CACHE_DOWN, extent, "file:///cache", "", "It failed.", "");
  }

  @Test
  void whatIsThePathsFaultIsNotTheCaches() {
    for (int i = 0; i < 2 * Breaker.IN_A_ROW; i++) {
      breaker.failed(failure(Extent.PATH));
    }
    assertThat(breaker.reason()).isEmpty();
  }

  @Test
  void whatDoesNotPassEndsItAtOnce() {
    PublishFailed first = failure(Extent.CACHE);
    breaker.failed(first);
    breaker.failed(failure(Extent.CACHE));
    assertThat(breaker.reason()).containsSame(first);
  }

  @Test
  void whatMayPassEndsItWhenItHappensAgainAndAgain() {
    for (int i = 1; i < Breaker.IN_A_ROW; i++) {
      breaker.failed(failure(Extent.PASSING));
    }
    breaker.succeeded();
    for (int i = 1; i < Breaker.IN_A_ROW; i++) {
      breaker.failed(failure(Extent.PASSING));
    }
    assertThat(breaker.reason()).isEmpty();
    breaker.failed(failure(Extent.PASSING));
    assertThat(breaker.reason()).isPresent();
  }
}
