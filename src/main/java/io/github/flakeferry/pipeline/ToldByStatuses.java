package io.github.flakeferry.pipeline;

import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.pipeline.Plan.PlannedBoard;
import java.util.stream.Stream;

/** What earlier runs have told of a commit, as its statuses say it. */
record ToldByStatuses(KnownStatuses statuses, GitRevision commit) implements CatchUp.Told {
  @Override
  public boolean isAwaited(PlannedBoard board) {
    return says(ofBoard(board), StatusState.PENDING) || says(ofBoard(board), StatusState.WAITING);
  }

  /** Where there are many boards only their environment has a status. */
  @Override
  public boolean mayHaveFailed(PlannedBoard board) {
    return !statuses.tells(commit)
        || Stream.of(ofBoard(board), Reported.context(board.environment()))
            .anyMatch(context -> says(context, StatusState.FAILURE));
  }

  private static String ofBoard(PlannedBoard board) {
    return Reported.context(board.environment(), board.board().name());
  }

  private boolean says(String context, StatusState state) {
    return statuses.says(commit, context, state);
  }
}
