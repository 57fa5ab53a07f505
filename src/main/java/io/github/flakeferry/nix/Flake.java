package io.github.flakeferry.nix;

import io.github.flakeferry.model.GitRevision;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A flake in a local checkout, at a commit or as its files are.
 *
 * @param checkout the working tree, whose {@code .git} has the commit; may be shallow
 * @param folder where {@code flake.nix} is in the checkout, relative to it; empty: at its root
 * @param submodules whether Nix is to see the content of submodules; then the working tree must be
 *     clean, since its files are taken
 */
public record Flake(Path checkout, Path folder, Version version, boolean submodules) {
  /** Which of its files count, and as they were when. */
  public sealed interface Version {
    /** Those of a commit. */
    record Commit(GitRevision revision) implements Version {}

    /** Those that Git knows, as they are now. */
    record Tracked() implements Version {}

    /** All in the folder, which need be no clone. */
    record AllFiles() implements Version {}
  }

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
    String clone = "git+file://" + encoded(checkout);
    return switch (version) {
      case Version.Commit(GitRevision revision) when submodules && Files.isDirectory(copy) ->
          "path:" + encoded(copy) + "?rev=" + revision + dir('&');
      case Version.Commit(GitRevision revision) ->
          clone
              + "?rev="
              + revision
              + "&ref=HEAD&shallow=1"
              + (submodules ? "&submodules=1" : "")
              + dir('&');
      case Version.Tracked() -> clone + "?shallow=1" + dir('&');
      case Version.AllFiles() -> "path:" + encoded(checkout) + dir('?');
    };
  }

  /** {@code at commit 1234abcd}, as the end of a sentence. */
  String told() {
    return switch (version) {
      case Version.Commit(GitRevision revision) -> "at commit " + revision.abbreviated();
      case Version.Tracked(), Version.AllFiles() -> "in " + checkout.resolve(folder);
    };
  }

  private String dir(char separator) {
    String name = folder.toString();
    return name.isEmpty()
        ? ""
        : separator + "dir=" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The same with the content of submodules, which Nix fetches by itself. */
  public Flake withSubmodules() {
    return new Flake(checkout, folder, version, true);
  }

  private static String encoded(Path folder) {
    return folder.toUri().getRawPath().replaceFirst("(?<=.)/$", "");
  }
}
