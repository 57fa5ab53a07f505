package io.github.flakeferry.nix;

import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Asks this machine's store. */
final class Store {
  private static final FailureReason REASON = FailureReason.BUILD_FAILED;

  private static final int STORE_DEPTH = Path.of(StorePath.STORE).getNameCount();

  private final NixProgram program;

  Store(NixProgram program) {
    this.program = program;
  }

  List<PathInfo> closure(StorePath root) {
    String purpose = "tell the closure of " + root;
    Command ask = program.nix("path-info", "--json", "--recursive", root.toString());
    NixProgram.Answer answer = program.run(ask);
    if (!answer.exit().succeeded()
        && answer.errors().stream().anyMatch(l -> l.contains("--json-format"))) {
      // 2.34 announces that it will want this option; older ones don't know it
      answer = program.run(ask.and("--json-format", "1"));
    }
    if (!answer.exit().succeeded()) {
      throw NixFailed.of(REASON, purpose, answer);
    }
    try {
      return PathInfoJson.parse(answer.output());
    } catch (IllegalArgumentException e) {
      throw NixFailed.strange(REASON, purpose, String.valueOf(e.getMessage()));
    }
  }

  /** The path that a system's link {@code kernel} leads into. */
  static Optional<StorePath> kernel(StorePath system) {
    try {
      Path image = Files.readSymbolicLink(system.path().resolve("kernel"));
      return image.startsWith(StorePath.STORE) && image.getNameCount() > STORE_DEPTH
          ? Optional.of(StorePath.parse(image.getName(STORE_DEPTH).toString()))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // a container has none
    }
  }

  boolean isValid(StorePath path) {
    var answer = program.run(program.store("--check-validity", path.toString()));
    if (answer.exit() instanceof Exit.Code(int code)
        && (code == 0 || answer.errors().stream().anyMatch(l -> l.contains("is not valid")))) {
      return code == 0;
    }
    throw NixFailed.of(REASON, "say whether it has " + path, answer);
  }

  void importFrom(Path cache, Collection<StorePath> roots, Path linkFolder) {
    Path alias = linkFolder.resolve("closure");
    try {
      Files.createDirectories(linkFolder);
      // Nix 2.8 and later don't agree about special characters in a file:// URL
      Files.createSymbolicLink(alias, cache.toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException("the folder for GC roots can't be used: " + linkFolder, e);
    }
    program.runOrFail(
        program
            .nix("copy", "--no-check-sigs", "--from", "file://" + alias)
            .and(roots.stream().map(StorePath::toString).toList()),
        REASON,
        "import what was built from " + cache);
    int n = 0;
    for (StorePath root : roots) {
      keep(root, linkFolder.resolve("imported-" + ++n));
    }
  }

  void keep(StorePath path, Path link) {
    if (!isValid(path)) { // else Nix would go and fetch it
      throw NixFailed.strange(REASON, "keep " + path, "the store does not have it");
    }
    program.runOrFail(
        program.store("--realise", path.toString(), "--add-root", link.toString(), "--indirect"),
        REASON,
        "keep " + path);
  }
}
