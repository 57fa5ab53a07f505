package io.github.flakeferry.board.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorthTest {
  private static final long MBIT = 125_000;
  private static final long MUCH = 400_000_000;

  /** A link that takes its time: the bytes, and one round trip. */
  private static Worth.Link<RuntimeException> link(
      long bytesPerSecond, Duration roundTrip, List<Integer> sent) {
    return bytes -> {
      sent.add(bytes);
      return roundTrip.plusNanos(bytes * 1_000_000_000L / bytesPerSecond);
    };
  }

  private final AtomicLong clock = new AtomicLong();

  private void at(Duration time) {
    clock.set(time.toNanos());
  }

  private static Worth measured(long megabits, long roundTripMicros, List<Integer> sent) {
    return new Worth(
        Worth.measure(link(megabits * MBIT, Duration.ofNanos(roundTripMicros * 1000), sent), MUCH));
  }

  @Test
  void aSlowLinkIsKnownAfterSixteenKibibytes() {
    for (long megabits : List.of(1L, 5L)) {
      var sent = new ArrayList<Integer>();
      assertThat(measured(megabits, 500, sent).differences()).isTrue();
      assertThat(sent).containsExactly(16 << 10);
    }
  }

  @Test
  void soIsALongOneHoweverMuchItWouldTake() {
    var sent = new ArrayList<Integer>();

    assertThat(measured(1000, 100_000, sent).differences()).isTrue();
    assertThat(sent).containsExactly(16 << 10);
  }

  @Test
  void aHundredMegabitsAreWorthDifferences() {
    var sent = new ArrayList<Integer>();

    assertThat(measured(100, 300, sent).differences()).isTrue();
    assertThat(sent).containsExactly(16 << 10, 128 << 10, 1 << 20);
  }

  @Test
  void whatALinkTakesAtOnceDoesNotCount() {
    Worth.Link<RuntimeException> burst =
        bytes -> Duration.ofNanos(300_000 + Math.max(0, bytes - 256_000) * 1000L / 12);

    assertThat(new Worth(Worth.measure(burst, MUCH)).differences()).isTrue();
  }

  @Test
  void aGigabitIsNot() {
    var sent = new ArrayList<Integer>();

    assertThat(measured(1000, 300, sent).differences()).isFalse();
    assertThat(sent).containsExactly(16 << 10, 128 << 10, 1 << 20, 4 << 20);
  }

  @Test
  void measuringIsASmallPartOfWhatIsSent() {
    var sent = new ArrayList<Integer>();

    Worth.measure(link(1000 * MBIT, Duration.ofNanos(300_000), sent), 2_000_000);

    assertThat(sent).containsExactly(16 << 10, 128 << 10);
  }

  @Test
  void whoeverWantsThemAlwaysGetsThemAlways() {
    Worth always = Worth.always();

    always.begin();
    always.arrived(1);

    assertThat(always.differences()).isTrue();
  }

  @Test
  void aBoardThatUnpacksMoreSlowlyThanTheLinkWouldBringAllGetsNoMore() {
    var slow = new Worth(100 * MBIT, clock::get);

    slow.begin();
    at(Duration.ofMillis(2_900));
    slow.arrived(1_000_000);
    assertThat(slow.differences()).isTrue();
    at(Duration.ofSeconds(3));
    slow.arrived(14_000_000);
    assertThat(slow.differences()).as("five megabytes a second").isFalse();
    at(Duration.ofSeconds(4));
    slow.arrived(485_000_000);
    assertThat(slow.differences()).isFalse();
  }

  @Test
  void aBoardThatKeepsUpGoesOnWithThem() {
    var good = new Worth(100 * MBIT, clock::get);

    good.begin();
    at(Duration.ofSeconds(3));
    good.arrived(60_000_000);
    at(Duration.ofSeconds(30));
    good.arrived(340_000_000);

    assertThat(good.differences()).isTrue();
  }

  @Test
  void untilWhatIsComparedWithIsThereNothingCounts() {
    var good = new Worth(100 * MBIT, clock::get);

    at(Duration.ofMinutes(10));
    good.arrived(1000);
    assertThat(good.differences()).as("the old contents are still being fetched").isTrue();
    good.begin();
    at(Duration.ofMinutes(10).plusSeconds(3));
    good.arrived(60_000_000);

    assertThat(good.differences()).isTrue();
  }

  @Test
  void littleIsSentWithoutAsking() {
    assertThat(Worth.asking(100_000)).isFalse();
    assertThat(Worth.asking(200_000)).isTrue();
  }
}
