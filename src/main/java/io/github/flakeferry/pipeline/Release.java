package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Deployment;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.terms.LeaseTerms;
import io.github.flakeferry.model.terms.Terms;
import java.util.List;
import java.util.Optional;

/**
 * {@code flakeferry release}: has boards run their profiles' systems again, and ends their leases.
 */
public final class Release {
  private final Fleet fleet;
  private final Boards boards;
  private final String run;

  /**
   * @param run who does it, for people: {@code ann@laptop}
   */
  public Release(Fleet fleet, Boards boards, String run) {
    this.fleet = fleet;
    this.boards = boards;
    this.run = run;
  }

  /**
   * Gives these boards back.
   *
   * @param names of boards, exactly
   * @param owner whose they must be, such as {@code owner/repo#12}; absent: whosever they are
   * @return one for each, in this order; UNCHANGED where a board was not the owner's
   * @throws io.github.flakeferry.model.Failure if there is no such board
   */
  public List<BoardResult> run(List<String> names, Optional<String> owner) {
    return AtOnce.each(
        names.stream().distinct().map(fleet::named).toList(),
        fleet.policy().parallel(),
        board -> boards.deploy(deployment(board, owner)),
        board ->
            new BoardResult(
                board.name(),
                BoardAction.GIVE_BACK,
                FailureCode.CANCELLED,
                "interrupted before its turn came"));
  }

  private Deployment deployment(BoardPolicy board, Optional<String> owner) {
    return new Deployment(
        board.name(),
        board.address(),
        BoardAction.GIVE_BACK,
        new Wanted.OfProfile(),
        terms(board),
        run,
        Optional.empty(),
        owner.map(LeaseTerms::of),
        Guards.ANY_COMMIT);
  }

  private Terms terms(BoardPolicy board) {
    return fleet.policy().environments().stream()
        .filter(e -> fleet.policy().boardsOf(e).contains(board))
        .findFirst()
        .map(EnvironmentPolicy::terms)
        .orElse(Terms.DEFAULT);
  }
}
