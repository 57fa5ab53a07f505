package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Guards;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.source.GitSource;
import io.github.flakeferry.support.progress.Progress;
import java.util.HashMap;
import java.util.Map;

/** Asks the repository about the boards' commits, about each one once. For several threads. */
final class CommitHistory implements Guards.History {
  private final GitSource source;
  private final Plan.Content content;
  private final Progress progress;
  private final Map<GitRevision, Boolean> known = new HashMap<>();

  CommitHistory(GitSource source, Plan.Content content, Progress progress) {
    this.source = source;
    this.content = content;
    this.progress = progress;
  }

  @Override
  public synchronized boolean isNewer(GitRevision there) {
    return known.computeIfAbsent(there, this::ask);
  }

  private boolean ask(GitRevision there) {
    try {
      return source.isNewer(there, content.commit(), content.ref());
    } catch (Failure failure) {
      progress.warn(
          "whether %s is newer than %s can't be told: %s"
              .formatted(there.abbreviated(), content.commit().abbreviated(), failure.told()));
      return false;
    }
  }
}
