package io.github.flakeferry.nix;

import io.github.flakeferry.nix.BuildFailed.FailedDerivation;
import io.github.flakeferry.support.process.Exit;

/** The kernel ends what takes the last of the memory, with a signal that says nothing of it. */
final class OutOfMemory {
  static final String ADVICE =
      "Signal 9 mostly is the kernel's, where memory runs out (`dmesg` on the machine says so): give"
          + " it more memory or swap, or let it do less at once (`max-jobs` and `cores` in nix.conf).";

  private static final int KILL = 9;

  private OutOfMemory() {}

  static boolean ended(Exit exit) {
    return exit.equals(new Exit.Signal(KILL));
  }

  static boolean ended(FailedDerivation derivation) {
    return derivation.cause().contains("signal 9 ")
        || derivation.lastLines().stream()
            .anyMatch(
                line -> line.contains("Killed signal terminated program")); // GCC of its parts
  }
}
