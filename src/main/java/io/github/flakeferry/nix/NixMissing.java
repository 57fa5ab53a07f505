package io.github.flakeferry.nix;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;

/** There is no {@code nix} program on this machine. */
public final class NixMissing extends Failure {
  NixMissing(String program) {
    super(
        FailureCode.NIX_MISSING,
        "Nix is needed, and there is no program `" + program + "` in the PATH.",
        "Install it: `apt-get install nix-bin` on Debian and Ubuntu,"
            + " or see https://nixos.org/download");
  }
}
