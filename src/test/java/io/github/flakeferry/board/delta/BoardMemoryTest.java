package io.github.flakeferry.board.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoardMemoryTest {
  private final BoardMemory memory = new BoardMemory(100);

  private static Piece piece(String name, long target, long reference) {
    return new Piece(List.of(Paths.wanted(name, target)), List.of(Paths.old(name, reference)));
  }

  private final Piece forty = piece("a", 20, 20);
  private final Piece fifty = piece("b", 20, 30);
  private final Piece sixty = piece("c", 20, 40);

  @Test
  void aLaneNeedsWhatItsLargestPieceNeeds() {
    assertThat(memory.tryTake(0, sixty)).isTrue();
    assertThat(memory.tryTake(0, fifty)).isTrue();
    assertThat(memory.tryTake(0, piece("d", 50, 50))).isTrue();
  }

  @Test
  void lanesTogetherNeedNoMoreThanThereIs() {
    assertThat(memory.tryTake(0, fifty)).isTrue();
    assertThat(memory.tryTake(1, sixty)).isFalse();
    assertThat(memory.tryTake(1, forty)).isTrue();
    assertThat(memory.tryTake(2, piece("d", 10, 1))).isFalse();
    assertThat(memory.tryTake(2, piece("d", 10, 0))).isTrue();
  }

  @Test
  void whatCouldNeverBeTakenIsAMistake() {
    assertThatIllegalArgumentException().isThrownBy(() -> memory.tryTake(0, piece("d", 50, 51)));
  }

  @Test
  void whoeverWaitsGetsItWhenItIsGivenBack() throws Exception {
    memory.take(0, sixty);
    var second =
        new FutureTask<>(
            () -> {
              memory.take(1, fifty);
              return true;
            });
    Thread.ofVirtual().start(second);
    memory.giveBack(0, sixty);

    assertThat(second.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(memory.tryTake(0, sixty)).isFalse();
  }

  @Test
  void givingBackWhatWasNotTakenFreesNothing() {
    assertThat(memory.tryTake(0, sixty)).isTrue();

    memory.giveBack(0, fifty);
    memory.giveBack(1, sixty);

    assertThat(memory.tryTake(1, fifty)).isFalse();
  }
}
