package io.github.flakeferry.nix;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;

/** There is no room in this machine's store for what is needed. */
public final class DiskFull extends Failure {
  static final String TOLD = "The disk is full.\n";

  /** What to do about it. */
  public static final String ADVICE =
      "Make room: `nix-collect-garbage` frees what nothing needs, and hosted runners have tools and"
          + " images that can be removed.";

  DiskFull(String problem) {
    super(FailureCode.DISK_FULL, TOLD + problem, ADVICE);
  }
}
