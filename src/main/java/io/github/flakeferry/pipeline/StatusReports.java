package io.github.flakeferry.pipeline;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.report.Headline;
import java.util.Collection;
import java.util.List;

/**
 * The commit statuses of environments and their boards. That of an environment is the last word:
 * while it is pending, the rest of what is told of it may be, too.
 */
final class StatusReports {
  /**
   * Environments of more boards have the environment's status only: a status is a write, writes are
   * a second apart, and GitHub allows 80 a minute and 1,000 requests an hour.
   */
  static final int MOST_BOARDS = 20;

  private final Forge forge;
  private final List<Reported> environments;

  StatusReports(Forge forge, List<Reported> environments) {
    this.forge = forge;
    this.environments = environments;
  }

  void planned() {
    environments.forEach(e -> sum(e, StatusState.PENDING, "building and deploying"));
    for (Reported environment : environments) {
      boardsOf(environment)
          .forEach(b -> board(environment, b, StatusState.PENDING, "building and deploying"));
    }
  }

  void boardDone(BoardResult result) {
    for (Reported environment : environments) {
      if (boardsOf(environment).contains(result.board())) {
        board(environment, result.board(), States.status(result.outcome()), told(result));
      }
    }
  }

  /** The boards of one whose turn does not come any more. */
  void close(
      Reported environment,
      Collection<BoardResult> results,
      StatusState state,
      String description) {
    boardsOf(environment).stream()
        .filter(b -> results.stream().noneMatch(r -> r.board().equals(b)))
        .forEach(b -> board(environment, b, state, description));
  }

  void sum(Reported environment, StatusState state, String description) {
    forge.status(
        environment.commit(), environment.context(), state, environment.preface() + description);
  }

  private void board(Reported environment, BoardName board, StatusState state, String description) {
    forge.status(environment.commit(), environment.context(board), state, description);
  }

  private static List<BoardName> boardsOf(Reported environment) {
    return environment.pullRequest().isPresent() || environment.boards().size() > MOST_BOARDS
        ? List.of()
        : environment.boards();
  }

  /** How several boards stand, or what became of the only one. */
  static String told(List<BoardResult> results) {
    return results.size() == 1 ? told(results.getFirst()) : Headline.of(results);
  }

  private static String told(BoardResult result) {
    return Headline.of(List.of(result)) + ": " + result.message().lines().findFirst().orElse("");
  }
}
