package io.github.flakeferry.model;

import java.util.Set;

/**
 * A pull request as it is when an event happens.
 *
 * @param head the commit of its branch, not the merge commit
 * @param headBranch the branch's name, in whichever repository it is
 * @param draft whether its author says that it is not ready
 * @param labels all that it has, after the event
 */
public record PullRequest(
    long number,
    GitRevision head,
    String headBranch,
    HeadTrust trust,
    boolean draft,
    Set<String> labels) {
  public PullRequest {
    labels = Set.copyOf(labels);
  }

  /** Who wrote what a pull request's head holds. */
  public enum HeadTrust {
    /** A branch of the same repository: somebody who may write to it. */
    SAME_REPOSITORY,
    /** A fork, a head whose repository is deleted, or a bot that is treated like one. */
    UNTRUSTED
  }

  /** {@code refs/pull/12/head}: where the repository itself keeps its head. */
  public String ref() {
    return ref(number);
  }

  /** The same, by its number. */
  public static String ref(long number) {
    return "refs/pull/" + number + "/head";
  }
}
