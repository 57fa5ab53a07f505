package io.github.flakeferry.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Follows links to the store as Nix does (libstore/store-api.cc, {@code followLinksToStore}): not
 * further, as what is there may be a link itself.
 */
final class StoreLinks {
  private static final int MOST = 40; // as Linux

  private StoreLinks() {}

  /**
   * What of the store a path is, or is in, or leads to.
   *
   * @param store an absolute path
   * @return directly in the store; absent where it leads elsewhere
   * @throws IOException if a link can't be read
   */
  static Optional<Path> follow(Path path, Path store) throws IOException {
    Path at = path.toAbsolutePath().normalize();
    for (int links = 0; links <= MOST; links++) {
      if (at.startsWith(store)) {
        return at.equals(store)
            ? Optional.empty()
            : Optional.of(store.resolve(store.relativize(at).getName(0)));
      }
      Optional<Path> link = firstLink(at);
      if (link.isEmpty()) {
        return Optional.empty();
      }
      Path target = link.get().resolveSibling(Files.readSymbolicLink(link.get()));
      at = target.resolve(link.get().relativize(at)).normalize();
    }
    return Optional.empty();
  }

  private static Optional<Path> firstLink(Path path) {
    Path root = path.resolve("/");
    return IntStream.rangeClosed(1, path.getNameCount())
        .mapToObj(names -> root.resolve(path.subpath(0, names)))
        .filter(Files::isSymbolicLink)
        .findFirst();
  }
}
