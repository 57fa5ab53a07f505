package io.github.flakeferry.board;

import io.github.flakeferry.model.GitRevision;

/**
 * What is on a board that must not be replaced.
 *
 * @param replaceUnknown whether a system may be replaced that somebody else put there since the
 *     last deployment
 * @param history tells which commits are newer
 */
public record Guards(boolean replaceUnknown, History history) {
  /** Replaces an older or newer commit, but not what is unknown. */
  public static final Guards ANY_COMMIT = new Guards(false, there -> false);

  /** Knows the repository that is deployed. */
  @FunctionalInterface
  public interface History {
    /**
     * Whether a board's commit is a descendant of the one that is to be deployed. Where the
     * repository doesn't know it, it decides what to take it for.
     */
    boolean isNewer(GitRevision there);
  }
}
