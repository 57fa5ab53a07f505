package io.github.flakeferry.source;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;

/** The repository, the commit or a part of it could not be had. */
public final class SourceFailed extends Failure {
  private final Kind kind;

  SourceFailed(Kind kind, String message, String advice) {
    super(kind.code, message, advice);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** What went wrong. */
  public enum Kind {
    /** No answer, or one that is not Git's. */
    UNREACHABLE(FailureCode.REPOSITORY_UNREACHABLE),
    /** The token is missing, wrong, or may not read the repository. */
    NOT_AUTHORIZED(FailureCode.REPOSITORY_CLOSED),
    /** The commit is not there: force-pushed away, or never pushed. */
    REVISION_MISSING(FailureCode.COMMIT_GONE),
    /** The default branch is not there. */
    BRANCH_MISSING(FailureCode.COMMIT_GONE),
    /** A submodule could not be had. */
    SUBMODULE(FailureCode.SUBMODULE),
    /** The commit has names that no checkout could have, such as {@code .git} or {@code ..}. */
    HOSTILE(FailureCode.COMMIT_HOSTILE),
    /** The disk is full, or the folder not ours. */
    LOCAL(FailureCode.CHECKOUT_FOLDER),
    /** A clone of this machine lacks what it should have, or it can't be read. */
    DAMAGED(FailureCode.CLONE_DAMAGED);

    private final FailureCode code;

    Kind(FailureCode code) {
      this.code = code;
    }
  }
}
