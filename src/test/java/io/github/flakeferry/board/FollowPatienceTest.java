package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FollowPatienceTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final AtomicLong now = new AtomicLong();
  private final FollowPatience patience =
      new FollowPatience(
          BoardFixture.deployment(
              new BoardAddress(
                  "board-1", 22, "root", List.of(), List.of(new HostKey("ssh-ed25519", "AAAA"))),
              BoardAction.GIVE_BACK,
              Optional.empty(),
              Optional.empty()),
          now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void aBoardInSightIsGivenUpOnlyWhenNothingMayStillTakeSoLong() {
    pass(patience.silence());
    assertThat(patience.isStuck()).isFalse();

    patience.reached(RunState.Stage.COMMITTING);
    assertThat(patience.isOver()).as("out of sight it would be lost").isTrue();
    pass(patience.silence());
    assertThat(patience.isStuck()).isFalse();

    pass(HOUR);
    assertThat(patience.isStuck()).isTrue();
    assertThat(patience.stuck(Optional.empty()).outcome()).isEqualTo(Outcome.IN_DOUBT);
  }
}
