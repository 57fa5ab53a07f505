package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.nix.Nix;
import java.util.List;

/** Whether there is a Nix that is known to work. */
public final class NixCheck implements Check {
  private final Nix nix;

  public NixCheck(Nix nix) {
    this.nix = nix;
  }

  @Override
  public String name() {
    return "nix";
  }

  @Override
  public List<Finding> look() {
    String version = nix.version();
    String message = "Nix %s builds for %s".formatted(version, String.join(", ", nix.buildable()));
    return List.of(
        isOld(version)
            ? Finding.warning(
                name(), message, "It is old: Nix 2.8 and later are known to work, so update it.")
            : Finding.ok(name(), message),
        flakes(),
        sandbox());
  }

  private Finding flakes() {
    return nix.enablesFlakes()
        ? Finding.ok(name(), "flakes are enabled")
        : Finding.warning(
            name(),
            "flakes are not enabled: Flakeferry does that for itself, `nix` by hand does not",
            "Put `experimental-features = nix-command flakes` into nix.conf.");
  }

  private Finding sandbox() {
    return nix.hasSandbox()
        ? Finding.ok(name(), "builds have a sandbox")
        : Finding.warning(
            name(),
            "builds have no sandbox: what they find on this machine may get into what they make",
            "Put `sandbox = true` into nix.conf; a container without privileges can have none.");
  }

  /** Of what is no number nothing is known. */
  static boolean isOld(String version) {
    String[] parts = version.split("\\D+", 3);
    return parts.length > 1
        && parts[0].equals("2")
        && parts[1].length() == 1
        && parts[1].charAt(0) < '8';
  }
}
