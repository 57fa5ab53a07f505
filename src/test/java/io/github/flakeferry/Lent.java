package io.github.flakeferry;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Deployment;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.terms.LeaseTerms;
import io.github.flakeferry.model.terms.Terms;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.TestBoard;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Boards that are lent to a pull request, as a preview does it. */
final class Lent {
  private Lent() {}

  /**
   * Lends a board for an hour, with a system that is there.
   *
   * @param name what the policy calls it
   * @param owner {@code owner/repository#12}
   * @param generation whose system it then runs
   */
  static BoardResult lend(TestBoard board, String name, String owner, int generation) {
    try (var boards =
        new Boards(
            board.key(),
            (path, to) -> {
              throw new IllegalStateException("nothing is sent");
            },
            Progress.SILENT)) {
      return boards.deploy(
          new Deployment(
              new BoardName(name),
              board.address(),
              BoardAction.TEST,
              new Wanted.Generation(OptionalInt.of(generation)),
              Terms.DEFAULT,
              "run 1",
              Optional.empty(),
              Optional.of(LeaseTerms.of(owner).until(Instant.now().plusSeconds(3600))),
              Guards.ANY_COMMIT));
    }
  }
}
