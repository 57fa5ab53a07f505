package io.github.flakeferry.model;

import java.util.Optional;

/** Why the program was started. */
public sealed interface Event {
  /** The repository that it happened in: never a fork. */
  Repository repository();

  /** A branch got a new tip. */
  record BranchPushed(Repository repository, String branch, GitRevision commit) implements Event {}

  /**
   * A tag was made or moved.
   *
   * @param commit what the tag was peeled to
   */
  record TagPushed(Repository repository, String tag, GitRevision commit) implements Event {}

  /**
   * A release was published; a draft is none yet.
   *
   * @param commit what its tag was peeled to
   */
  record ReleasePublished(Repository repository, String tag, GitRevision commit, boolean preRelease)
      implements Event {}

  /** A pull request was opened or reopened, has a new head, or is a draft no more. */
  record PullRequestUpdated(Repository repository, PullRequest request) implements Event {}

  /** A pull request was made a draft. */
  record PullRequestDrafted(Repository repository, PullRequest request) implements Event {}

  /**
   * A pull request was given labels, or some were taken from it.
   *
   * @param label which, where it was one and the forge says so
   */
  record PullRequestLabeled(Repository repository, PullRequest request, Optional<String> label)
      implements Event {}

  /** A pull request was closed, merged or not. */
  record PullRequestClosed(Repository repository, PullRequest request) implements Event {}

  /**
   * Pull requests wait to be merged together.
   *
   * @param branch what they are to be merged into
   * @param ref where the merged commit is: {@code refs/heads/gh-readonly-queue/…}
   */
  record MergeQueued(Repository repository, String branch, String ref, GitRevision commit)
      implements Event {}

  /**
   * Somebody who may write to the repository asked for it.
   *
   * @param ref the branch or tag whose workflow was started: {@code refs/heads/main}
   * @param commit its tip
   */
  record Dispatched(Repository repository, String ref, GitRevision commit, Wish wish)
      implements Event {}

  /**
   * The time has come to look after what events left behind.
   *
   * @param commit the default branch's tip when the run began
   */
  record Scheduled(Repository repository, GitRevision commit) implements Event {}

  /**
   * Nothing that means anything here.
   *
   * @param why in words: "the branch docs was deleted"
   */
  record Meaningless(Repository repository, String why) implements Event {}

  /** The commit that it is about: a pull request's head. */
  default Optional<GitRevision> about() {
    return switch (this) {
      case BranchPushed pushed -> Optional.of(pushed.commit());
      case TagPushed pushed -> Optional.of(pushed.commit());
      case ReleasePublished published -> Optional.of(published.commit());
      case PullRequestUpdated updated -> Optional.of(updated.request().head());
      case PullRequestDrafted drafted -> Optional.of(drafted.request().head());
      case PullRequestLabeled labeled -> Optional.of(labeled.request().head());
      case PullRequestClosed closed -> Optional.of(closed.request().head());
      case MergeQueued queued -> Optional.of(queued.commit());
      case Dispatched dispatched -> Optional.of(dispatched.commit());
      case Scheduled scheduled -> Optional.of(scheduled.commit());
      case Meaningless meaningless -> Optional.empty();
    };
  }

  /** The pull request that it is about. */
  default Optional<PullRequest> pullRequest() {
    return switch (this) {
      case PullRequestUpdated updated -> Optional.of(updated.request());
      case PullRequestDrafted drafted -> Optional.of(drafted.request());
      case PullRequestLabeled labeled -> Optional.of(labeled.request());
      case PullRequestClosed closed -> Optional.of(closed.request());
      case BranchPushed _,
          TagPushed _,
          ReleasePublished _,
          MergeQueued _,
          Dispatched _,
          Scheduled _,
          Meaningless _ ->
          Optional.empty();
    };
  }
}
