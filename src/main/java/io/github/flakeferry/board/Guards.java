package io.github.flakeferry.board;

import io.github.flakeferry.model.GitRevision;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is on a board that must not be replaced.
 *
 * @param replaceUnknown whether a system may be replaced that somebody else put there since the
 *     last deployment
 * @param history tells which commits are newer
 * @param moved why the commit is no longer the one to be had, as is asked once more before a
 *     preview is activated; empty while it is
 */
public record Guards(boolean replaceUnknown, History history, Supplier<Optional<String>> moved) {
  /** Replaces an older or newer commit, but not what is unknown. */
  public static final Guards ANY_COMMIT = new Guards(false, there -> false);

  public Guards(boolean replaceUnknown, History history) {
    this(replaceUnknown, history, Optional::empty);
  }

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
