package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FetchPatienceTest {
  private static final FetchPatience.Terms TERMS =
      new FetchPatience.Terms(
          Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10));
  private static final String COPYING =
      "copying path '/nix/store/00000000000000000000000000000000-x' from 'https://cache'...";

  private final AtomicLong clock = new AtomicLong(7);
  private final FetchPatience patience = new FetchPatience(TERMS, clock::get);

  private Duration left() {
    return Duration.ofNanos(patience.left());
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private void count(long received, long stored) {
    assertThat(patience.heard("flakeferry: %d %d".formatted(received, stored))).isTrue();
  }

  @Test
  void aCacheThatGivesNothingCostsTheFirstSign() {
    count(0, 0);
    pass(Duration.ofSeconds(4));
    count(1000, 50_000_000);
    assertThat(patience.heard("warning: unable to download")).isFalse();

    assertThat(left()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void whatWillBeFetchedIsTheFirstSign() {
    pass(Duration.ofSeconds(9));
    assertThat(patience.heard("these 3 paths will be fetched (9.00 MiB download):")).isFalse();
    assertThat(left()).isEqualTo(Duration.ofMinutes(1));

    pass(Duration.ofSeconds(9));
    assertThat(patience.heard("this path will be fetched (9.00 MiB download):")).isFalse();
    assertThat(left()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aLargePathMayTakeAsLongAsAnythingOfItComes() {
    patience.heard(COPYING);
    count(1_000_000, 0);
    for (int i = 1; i <= 6; i++) {
      pass(Duration.ofSeconds(50));
      count(1_000_000 + i * 100_000L, 0);
      assertThat(left()).isEqualTo(Duration.ofMinutes(1));
    }
  }

  @Test
  void aPathThatIsUnpackedForLongIsASignToo() {
    patience.heard(COPYING);
    count(0, 0);
    pass(Duration.ofSeconds(50));
    count(0, 1 << 20);

    assertThat(left()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aThinLinkAddsUp() {
    patience.heard(COPYING);
    count(0, 0);
    pass(Duration.ofSeconds(25));
    count(40_000, 0);
    pass(Duration.ofSeconds(25));
    count(80_000, 0);

    assertThat(left()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void whatOnlyAnswersUsIsNoSign() {
    patience.heard(COPYING);
    count(0, 0);
    pass(Duration.ofSeconds(50));
    count(5_000, 4_096);

    assertThat(left()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void nobodyHoldsARunnerForEver() {
    patience.heard(COPYING);
    for (int i = 0; i < 20; i++) {
      pass(Duration.ofSeconds(31));
      count(i * 1_000_000L, 0);
      patience.heard(COPYING);
    }

    assertThat(left()).isNegative();
  }
}
