package io.github.flakeferry.forge;

import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequestNow;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.progress.Progress;
import java.util.List;
import java.util.Optional;

/**
 * The forge that started this run. What is reported to it never fails the run: where a permission
 * is missing or the forge is down, there is one warning, and the summary says what could not be
 * told.
 */
public interface Forge {
  /** Why this run was started. */
  Event event();

  RunContext run();

  /** What clones the repository; a fork's run may have none. */
  Optional<Secret> token();

  /** A pull request as it is now; empty, with a warning, where the forge does not tell. */
  Optional<PullRequestNow> pullRequest(long number);

  /**
   * All pull requests that are open, those first that were opened first; empty, with a warning,
   * where the forge does not tell.
   */
  Optional<List<PullRequest>> openPullRequests();

  /** What a commit's status says now; empty where there is none or the forge does not tell. */
  Optional<StatusState> status(GitRevision commit, String context);

  /**
   * Sets a commit status.
   *
   * @param commit the commit that was pushed, or a pull request's head
   * @param context what it is about: the later one of the same context replaces the earlier
   * @param description for people; cut at a word where the forge allows no more
   */
  void boardStatus(GitRevision commit, String context, StatusState state, String description);

  /**
   * Writes the one comment with this marker, or brings it up to date.
   *
   * @param marker what tells our comments on one pull request apart: letters, digits, dots, hyphens
   *     and underscores
   * @param markdown may end with a line {@code <!-- says: 0123abcd -->}: where that is the one of
   *     the comment that is there, nothing is written
   */
  void comment(long pullRequest, String marker, String markdown);

  /**
   * Sets what this run says on its summary page; called again it replaces what it said. Call it
   * after the last status and comment: it names those that were lost.
   */
  void summary(String markdown);

  /** Sets an output of this step, where the run has a place for them. */
  void output(String name, String value);

  /** The run's log. */
  Progress log();

  /** Hides a secret in the log from now on. */
  default void mask(Secret secret) {}

  /**
   * Says in the log what failed, what to do and the details, in place of printing them elsewhere:
   * they may hold what others wrote.
   */
  default void failed(Failure failure) {}
}
