package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.RestartParts;
import io.github.flakeferry.model.StorePath;
import java.util.Optional;

/** What a new system would change on a board. */
public sealed interface BoardDiff {
  BoardPolicy board();

  /**
   * It is known.
   *
   * @param old what the board runs, or what is compared with in its place
   * @param now the new system
   * @param restart what needs a restart of the board; absent where the board doesn't tell what it
   *     has booted
   */
  record Known(
      BoardPolicy board,
      StorePath old,
      StorePath now,
      ClosureDifference difference,
      Optional<RestartParts> restart,
      UnitForecast units)
      implements BoardDiff {
    /** Whether it is the same system. */
    public boolean isUnchanged() {
      return old.equals(now);
    }
  }

  /** The board could not be asked. */
  record Silent(BoardPolicy board, BoardFailure failure) implements BoardDiff, Seen {}
}
