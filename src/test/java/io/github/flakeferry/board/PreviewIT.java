package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.testbed.TestBoard;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A board that is lent to a pull request. */
class PreviewIT extends BoardIT {
  private static final String OURS = "owner/repo#12";
  private static final String OTHERS = "owner/repo#13";

  @Test
  void aPreviewIsGoneAfterAPowerCut() throws IOException {
    try (TestBoard board = bed.startBoard("lent")) {
      StorePath factory = board.currentSystem();

      BoardResult result = deploy(board, BoardFixture.test(board, good, OURS));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.currentSystem()).isEqualTo(good.system());
      assertThat(board.profileSystem()).isEqualTo(factory);
      board.powerCut();
      board.start();
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(deploy(board, BoardFixture.test(board, good, OTHERS)).outcome())
          .as("the lease went with the power")
          .isEqualTo(Outcome.DEPLOYED);
    }
  }

  @Test
  void aLentBoardIsNotTakenByOthersAndGivenBackWithoutABuild() throws IOException {
    try (TestBoard board = bed.startBoard("given")) {
      StorePath factory = board.currentSystem();
      assertThat(deploy(board, BoardFixture.test(board, good, OURS)).outcome())
          .isEqualTo(Outcome.DEPLOYED);

      BoardResult again = deploy(board, BoardFixture.test(board, good, OURS));
      BoardResult taken = deploy(board, BoardFixture.test(board, good, OTHERS));
      BoardResult closed = deploy(board, BoardFixture.giveBack(board, OTHERS));

      assertThat(again.outcome()).as(again.message()).isEqualTo(Outcome.UNCHANGED);
      assertThat(taken.outcome()).as(taken.message()).isEqualTo(Outcome.BUSY);
      assertThat(taken.message()).contains("lent to " + OURS);
      assertThat(closed.outcome()).as(closed.message()).isEqualTo(Outcome.UNCHANGED);
      assertThat(board.currentSystem()).isEqualTo(good.system());

      BoardResult back = deploy(board, BoardFixture.giveBack(board, OURS));

      assertThat(back.outcome()).as(back.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(back.after()).contains(factory);
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(board.run("ls /nix/var/flakeferry").output()).doesNotContain("lease");
    }
  }
}
