package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cache.PublishFailed.Extent;
import io.github.flakeferry.model.FailureCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BreakerTest {
  private long now;
  private final Breaker breaker = new Breaker(Duration.ofSeconds(10), () -> now);

  private void after(Duration time) {
    now += time.toNanos();
  }

  private void failAgainAndAgain(int times) {
    for (int i = 0; i < times; i++) {
      after(Duration.ofSeconds(10));
      breaker.failed(failure(Extent.PASSING));
    }
  }

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
  void whatMayPassTripsItWhenItHappensAgainAndAgain() {
    failAgainAndAgain(Breaker.IN_A_ROW - 1);
    breaker.succeeded();
    failAgainAndAgain(Breaker.IN_A_ROW - 1);
    assertThat(breaker.hasTripped()).isFalse();
    failAgainAndAgain(1);
    assertThat(breaker.hasTripped()).isTrue();
    assertThat(breaker.reason()).as("it may pass yet").isEmpty();
  }

  @Test
  void whatOneOutageEndsCountsOnce() {
    for (int i = 0; i < 200; i++) {
      breaker.failed(failure(Extent.PASSING));
    }
    after(Duration.ofSeconds(9));
    breaker.failed(failure(Extent.PASSING));
    failAgainAndAgain(Breaker.IN_A_ROW - 2);
    assertThat(breaker.hasTripped()).isFalse();
    failAgainAndAgain(1);
    assertThat(breaker.hasTripped()).isTrue();
  }

  @Test
  void inTheLastRoundWhatFailsAgainAndAgainEndsIt() {
    failAgainAndAgain(Breaker.IN_A_ROW);
    breaker.beginLastRound();
    assertThat(breaker.hasTripped()).isFalse();
    for (int i = 1; i < Breaker.IN_A_ROW; i++) {
      breaker.failed(failure(Extent.PASSING));
    }
    assertThat(breaker.reason()).isEmpty();
    PublishFailed fifth = failure(Extent.PASSING);
    breaker.failed(fifth);
    assertThat(breaker.reason()).containsSame(fifth);
  }
}
