package io.github.flakeferry.nix;

import io.github.flakeferry.model.GitRevision;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A flake at one commit of a local checkout.
 *
 * @param checkout the working tree, whose {@code .git} has the commit; may be shallow
 * @param folder where {@code flake.nix} is in the checkout, relative to it; empty: at its root
 * @param submodules whether Nix is to see the content of submodules; then the working tree must be
 *     clean, since its files are taken
 */
public record Flake(Path checkout, Path folder, GitRevision revision, boolean submodules) {
  public Flake {
    checkout = checkout.toAbsolutePath().normalize();
  }

  /**
   * The flake reference (Nix manual, "Flake references", type {@code git}). {@code shallow} lets
   * Nix take a clone without its history and harms no other; {@code ref=HEAD} keeps it from looking
   * for a branch that a detached clone has not. The commit alone decides what is read. Nix 2.8
   * can't read a shallow clone in a folder with spaces or other special characters in its name.
   *
   * <p>With submodules it is of the type {@code path}, see {@link SubmoduleTree}.
   */
  String url() {
    Path copy = SubmoduleTree.in(checkout);
    return submodules && Files.isDirectory(copy)
        ? "path:" + encoded(copy) + "?rev=" + revision + dir()
        : "git+file://"
            + encoded(checkout)
            + "?rev="
            + revision
            + "&ref=HEAD&shallow=1"
            + (submodules ? "&submodules=1" : "")
            + dir();
  }

  private String dir() {
    String name = folder.toString();
    return name.isEmpty()
        ? ""
        : "&dir=" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String encoded(Path folder) {
    return folder.toUri().getRawPath().replaceFirst("(?<=.)/$", "");
  }
}
