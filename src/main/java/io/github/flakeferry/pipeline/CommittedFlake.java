package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.nix.Flake;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.source.WorkingCopy;
import java.nio.file.Path;

/** The flake of a commit that a working copy has: what is not committed is not in it. */
public final class CommittedFlake {
  private CommittedFlake() {}

  /**
   * That of this commit, with the content of submodules.
   *
   * @param folder where {@code flake.nix} is in the repository; empty: at its root
   * @throws io.github.flakeferry.model.Failure if the commit has none there
   */
  public static Flake of(Nix nix, WorkingCopy copy, Path folder, GitRevision commit) {
    Flake flake = nix.flakeOfCommit(copy.root(), folder, commit, file -> copy.has(commit, file));
    return copy.hasSubmodules(commit) ? flake.withSubmodules() : flake;
  }
}
