package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.cache.PublishFailed.Extent;
import io.github.flakeferry.model.FailureCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DoorTest {
  private long now;
  private int asked;
  private Optional<Extent> trouble = Optional.empty();
  private final List<Duration> slept = new ArrayList<>();
  private final Breaker breaker = new Breaker(Duration.ZERO, () -> now);
  private final Door door = new Door(this::answer, breaker, () -> now, slept::add);

  private void answer() {
    asked++;
    trouble.ifPresent(
        extent -> {
          throw failure(extent);
        });
  }

  private static PublishFailed failure(Extent extent) {
    return PublishFailed.of(FailureCode.CACHE_DOWN, extent, "file:///cache", "", "It failed.", "");
  }

  private void after(Duration time) {
    now += time.toNanos();
  }

  private void trip() {
    for (int i = 0; i < Breaker.IN_A_ROW; i++) {
      breaker.failed(failure(Extent.PASSING));
    }
  }

  @Test
  void oneThatIsAwayIsAskedAgainAfterARest() throws Exception {
    trouble = Optional.of(Extent.PASSING);
    assertThat(door.isOpen()).isFalse();
    trouble = Optional.empty();
    assertThat(door.isOpen()).isFalse();
    assertThat(door.isToBeAskedAgain()).isFalse();
    assertThat(asked).isEqualTo(1);
    after(Door.REST);
    assertThat(door.isToBeAskedAgain()).isTrue();
    assertThat(door.isOpen()).isTrue();
    assertThat(door.isOpen()).isTrue();
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void eachRestIsTwiceAsLong() throws Exception {
    trouble = Optional.of(Extent.PASSING);
    door.isOpen();
    after(Door.REST);
    door.isOpen();
    after(Door.REST);
    assertThat(door.isToBeAskedAgain()).isFalse();
    after(Door.REST);
    assertThat(door.isToBeAskedAgain()).isTrue();
  }

  @Test
  void oneThatTrippedIsShutUntilItAnswers() throws Exception {
    assertThat(door.isOpen()).isTrue();
    trip();
    assertThat(door.isOpen()).isFalse();
    after(Door.REST);
    assertThat(door.isOpen()).isTrue();
    assertThat(breaker.hasTripped()).isFalse();
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void whatDoesNotPassIsAskedOnce() throws Exception {
    trouble = Optional.of(Extent.CACHE);
    assertThat(catchThrowableOfType(PublishFailed.class, door::isOpen)).isNotNull();
    assertThat(breaker.reason()).isPresent();
    assertThat(door.isOpen()).isFalse();
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void inTheEndOneThatNeverAnsweredIsAskedOnceMore() throws Exception {
    trouble = Optional.of(Extent.PASSING);
    door.isOpen();
    assertThat(catchThrowableOfType(PublishFailed.class, door::open)).isNotNull();
    assertThat(asked).isEqualTo(2);
    assertThat(slept).isEmpty();
  }

  @Test
  void inTheEndOneThatHasAnsweredIsWaitedFor() throws Exception {
    door.isOpen();
    trip();
    trouble = Optional.of(Extent.PASSING);
    assertThat(catchThrowableOfType(PublishFailed.class, door::open)).isNotNull();
    assertThat(asked).isEqualTo(1 + Door.PATIENCE);
    assertThat(slept).hasSize(Door.PATIENCE - 1).containsOnly(Door.PAUSE);
    trouble = Optional.empty();
    door.open();
    assertThat(door.isOpen()).isTrue();
  }
}
