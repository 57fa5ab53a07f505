package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.BoardFacts.Deployed;
import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.Trigger;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.source.WorkingCopy.Drift;
import java.util.List;
import java.util.Optional;

/** {@code flakeferry status}: asks boards about themselves, all at once. */
public final class Status {
  private final Fleet fleet;
  private final Boards boards;

  public Status(Fleet fleet, Boards boards) {
    this.fleet = fleet;
    this.boards = boards;
  }

  /**
   * Asks these boards, in the policy's order.
   *
   * @param selectors names, or selectors over names and tags; none: all boards
   * @throws io.github.flakeferry.model.Failure if one of them chooses no board
   */
  public List<BoardStatus> ask(List<String> selectors) {
    return AtOnce.each(fleet.chosen(selectors), fleet.policy().parallel(), this::ask, this::ask);
  }

  private BoardStatus ask(BoardPolicy board) {
    try {
      BoardFacts facts = boards.facts(board.name(), board.address());
      Optional<GitRevision> commit = commit(facts);
      return new BoardStatus.Answered(
          board, facts, commit, commit.map(c -> drift(c, board)).orElseGet(Drift.Unknown::new));
    } catch (BoardFailure failure) {
      return new BoardStatus.Silent(board, failure);
    }
  }

  /** What a deployment or a lease recorded, if it is of the system that runs. */
  private static Optional<GitRevision> commit(BoardFacts facts) {
    Optional<StorePath> current = facts.current();
    Optional<GitRevision> lent =
        facts
            .lease()
            .filter(l -> l.system().isPresent() && l.system().equals(current))
            .flatMap(l -> revision(l.commit()));
    return lent.or(
        () ->
            facts
                .deployed()
                .filter(d -> current.filter(d.system()::equals).isPresent())
                .flatMap(Deployed::commit));
  }

  private static Optional<GitRevision> revision(String text) {
    try {
      return Optional.of(new GitRevision(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private synchronized Drift drift(GitRevision commit, BoardPolicy board) {
    return fleet
        .copy()
        .map(copy -> copy.drift(commit, branch(board)))
        .orElseGet(Drift.Unknown::new);
  }

  /** The branch that deploys to it, where the policy names one. */
  private Optional<String> branch(BoardPolicy board) {
    return fleet.lasting(board).stream()
        .map(e -> e.trigger() instanceof Trigger.Push(var branches) ? branches.getFirst() : "")
        .filter(name -> !name.isEmpty() && !name.contains("*") && !name.contains("?"))
        .findFirst();
  }
}
