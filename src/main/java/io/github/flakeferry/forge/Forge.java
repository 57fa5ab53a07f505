package io.github.flakeferry.forge;

import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequestNow;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.progress.Progress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The forge that started this run. What is reported to it never fails the run and never holds it
 * up: reports are sent in their order while the run goes on. Where a permission is missing or the
 * forge is down, there is one warning, and the summary says what could not be told. What a forge
 * has no place for, such as deployments and checks, is left out.
 */
public interface Forge {
  /** Why this run was started. */
  Event event();

  RunContext run();

  /**
   * What the branch or the pull request had before the event; empty where it had nothing or the
   * event is no push.
   */
  default Optional<GitRevision> before() {
    return Optional.empty();
  }

  /** What clones the repository; a fork's run may have none. */
  Optional<Secret> token();

  /** A pull request as it is now; empty, with a warning, where the forge does not tell. */
  Optional<PullRequestNow> pullRequest(long number);

  /**
   * All pull requests that are open, those first that were opened first; empty, with a warning,
   * where the forge does not tell.
   */
  Optional<List<PullRequest>> openPullRequests();

  /**
   * The last status of a commit in each context; empty, with a warning, where the forge does not
   * tell.
   */
  Optional<List<CommitStatus>> statuses(GitRevision commit);

  /** What a commit's status says now; empty where there is none or the forge does not tell. */
  default Optional<StatusState> status(GitRevision commit, String context) {
    return statuses(commit).stream()
        .flatMap(List::stream)
        .filter(s -> s.isAbout(context))
        .findFirst()
        .map(CommitStatus::state);
  }

  /**
   * Sets a commit status.
   *
   * @param commit the commit that was pushed, or a pull request's head
   * @param context what it is about: the later one of the same context replaces the earlier
   * @param description for people; cut at a word where the forge allows no more
   */
  void status(GitRevision commit, String context, StatusState state, String description);

  /**
   * Tells how far a commit is on its way to an environment. Nothing is told where the forge does so
   * by itself, because the job names the environment. A success ends what the environment had.
   *
   * @param description for people; cut at a word where the forge allows no more
   * @param url where people reach what is deployed
   */
  default void deployment(
      GitRevision commit,
      EnvironmentRef environment,
      DeploymentState state,
      String description,
      Optional<URI> url) {}

  /** The environment has nothing any more: its boards were given back. */
  default void retire(EnvironmentRef environment, String description) {}

  /**
   * This run's check of a commit begins.
   *
   * @param name the later one of the same name takes the earlier one's place
   * @param title one line
   */
  default void checkBegun(GitRevision commit, String name, String title) {}

  /** This run's check of a commit is at its end, whether its beginning was told or not. */
  default void checkEnded(GitRevision commit, String name, CheckResult result) {}

  /**
   * Ends what runs left open that are over and did not say so, because they were killed: pending
   * statuses, deployments under way and checks of these commits.
   */
  default void closeAbandoned(Collection<GitRevision> commits) {}

  /**
   * Writes the one comment with this marker, or brings it up to date.
   *
   * @param marker what tells our comments on one pull request apart: letters, digits, dots, hyphens
   *     and underscores
   * @param markdown may end with a line {@code <!-- says: 0123abcd -->}: where that is the one of
   *     the comment that is there, nothing is written
   */
  void comment(long pullRequest, String marker, String markdown);

  /** The same where there is such a comment already; else nobody is told anything. */
  void commentAgain(long pullRequest, String marker, String markdown);

  /**
   * Sets what this run says on its summary page; called again it replaces what it said. Call it
   * after all other reports: it waits for them, about a minute at most, and names those that were
   * lost.
   */
  void summary(String markdown);

  /**
   * This process is about to be ended from outside: reports go out one after another without a
   * pause, and are given up after a few seconds.
   */
  default void hurry() {}

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
