package io.github.flakeferry.model;

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
   * A pull request was opened, reopened or has a new head.
   *
   * @param head the commit of its branch, not the merge commit
   */
  record PullRequestUpdated(
      Repository repository, long number, GitRevision head, String headBranch, HeadTrust trust)
      implements Event {}

  /** A pull request was closed, merged or not. */
  record PullRequestClosed(Repository repository, long number, GitRevision head, HeadTrust trust)
      implements Event {}

  /**
   * Nothing that means anything here.
   *
   * @param why in words: "the branch docs was deleted"
   */
  record Meaningless(Repository repository, String why) implements Event {}

  /** Who wrote what a pull request's head holds. */
  enum HeadTrust {
    /** A branch of the same repository: somebody who may write to it. */
    SAME_REPOSITORY,
    /** A fork, a head whose repository is deleted, or a bot that is treated like one. */
    UNTRUSTED
  }
}
