package io.github.flakeferry.support.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RateTest {
  private static final Instant BEGIN = Instant.parse("2026-11-22T16:00:00Z");
  private final Rate rate = new Rate();

  private static Instant after(int seconds) {
    return BEGIN.plusSeconds(seconds);
  }

  @Test
  void nobodyKnowsItAtFirst() {
    assertThat(rate.perSecond(BEGIN)).isZero();
    rate.advanced(0, BEGIN);
    rate.advanced(500, BEGIN.plusMillis(500));
    assertThat(rate.perSecond(BEGIN.plusMillis(500))).isZero();
  }

  @Test
  void itIsThatOfTheLastSeconds() {
    for (int second = 0; second <= 60; second++) {
      rate.advanced(second * 1000L, after(second));
    }
    assertThat(rate.perSecond(after(60))).isEqualTo(1000);
    for (int second = 61; second <= 75; second++) {
      rate.advanced(60_000 + (second - 60) * 10L, after(second));
    }
    assertThat(rate.perSecond(after(75))).isEqualTo(10);
  }

  @Test
  void itFallsWhileNothingComes() {
    rate.advanced(0, BEGIN);
    rate.advanced(1000, after(1));
    assertThat(rate.perSecond(after(1))).isEqualTo(1000);
    assertThat(rate.perSecond(after(10))).isEqualTo(100);
  }

  @Test
  void whatBeginsAnewIsCountedAnew() {
    rate.advanced(0, BEGIN);
    rate.advanced(10_000, after(1));
    rate.advanced(2000, after(2));
    rate.advanced(2500, after(4));
    assertThat(rate.perSecond(after(4))).isEqualTo(250);
  }

  @Test
  void theTimeLeftIsToldWhereItIsKnown() {
    assertThat(Ongoing.left(1000, 0)).isEmpty();
    assertThat(Ongoing.left(0, 10)).isEmpty();
    assertThat(Ongoing.left(1000, 10)).contains(Duration.ofSeconds(100));
  }
}
