package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Guards;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.source.WorkingCopy;
import io.github.flakeferry.support.progress.Progress;

/**
 * Asks a clone about boards' commits. What it has not, somebody else may have made and deployed
 * since it was fetched: that is taken to be newer. For several threads.
 */
record LocalHistory(WorkingCopy copy, GitRevision commit, Progress progress)
    implements Guards.History {

  @Override
  public boolean isNewer(GitRevision there) {
    return switch (copy.order(commit, there)) {
      case DESCENDANT -> true;
      case SAME, OTHER -> false;
      case UNKNOWN -> {
        progress.warn(
            "this clone has no commit %s, which a board runs, so it may be newer: fetch first"
                .formatted(there.abbreviated()));
        yield true;
      }
    };
  }
}
