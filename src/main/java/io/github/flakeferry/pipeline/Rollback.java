package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Deployment;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.support.progress.Progress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code flakeferry rollback}: brings boards back to a generation that they have had, under the
 * same supervision as a deployment.
 */
public final class Rollback {
  private final Fleet fleet;
  private final Boards boards;
  private final String owner;
  private final boolean replaceUnknown;
  private final Progress progress;

  /**
   * @param owner who does it, for people: {@code ann@laptop}
   * @param replaceUnknown whether a system may be replaced that somebody else activated
   */
  public Rollback(
      Fleet fleet, Boards boards, String owner, boolean replaceUnknown, Progress progress) {
    this.fleet = fleet;
    this.boards = boards;
    this.owner = owner;
    this.replaceUnknown = replaceUnknown;
    this.progress = progress;
  }

  /**
   * Rolls these boards back.
   *
   * @param names of boards, exactly
   * @param generation of the one board; absent: of each board the one before its present one
   * @return one for each, in this order
   * @throws io.github.flakeferry.model.Failure if there is no such board, or a generation for
   *     several boards
   */
  public List<BoardResult> run(List<String> names, OptionalInt generation) {
    List<BoardPolicy> all = names.stream().distinct().map(fleet::named).toList();
    if (generation.isPresent() && all.size() > 1) {
      throw Refused.oneBoardForAGeneration();
    }
    return AtOnce.each(
        all,
        fleet.policy().parallel(),
        board -> boards.deploy(deployment(board, generation)),
        board ->
            new BoardResult(
                board.name(),
                BoardAction.SWITCH,
                FailureCode.CANCELLED,
                "interrupted before its turn came"));
  }

  private Deployment deployment(BoardPolicy board, OptionalInt generation) {
    return new Deployment(
        board.name(),
        board.address(),
        BoardAction.SWITCH,
        new Wanted.Generation(generation),
        fleet.terms(board, progress),
        owner,
        Optional.empty(),
        Optional.empty(),
        new Guards(replaceUnknown, there -> false));
  }
}
