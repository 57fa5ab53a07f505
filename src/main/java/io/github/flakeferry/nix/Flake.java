package io.github.flakeferry.nix;

import io.github.flakeferry.model.GitRevision;
import java.nio.file.Path;

/**
 * A flake at one commit of a local checkout.
 *
 * @param checkout the working tree, whose {@code .git} has the commit; may be shallow
 * @param submodules whether Nix is to see the content of submodules
 */
public record Flake(Path checkout, GitRevision revision, boolean submodules) {
  public Flake {
    checkout = checkout.toAbsolutePath().normalize();
  }

  /**
   * The flake reference (Nix manual, "Flake references", type {@code git}). {@code shallow} lets
   * Nix take a clone without its history and harms no other; {@code ref=HEAD} keeps it from looking
   * for a branch that a detached clone has not. The commit alone decides what is read. Nix 2.8
   * can't read a shallow clone in a folder with spaces or other special characters in its name.
   */
  String url() {
    return "git+file://"
        + checkout.toUri().getRawPath().replaceFirst("(?<=.)/$", "")
        + "?rev="
        + revision
        + "&ref=HEAD&shallow=1"
        + (submodules ? "&submodules=1" : "");
  }
}
