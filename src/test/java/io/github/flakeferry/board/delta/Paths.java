package io.github.flakeferry.board.delta;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Paths that are nothing but a name and a size. */
final class Paths {
  private Paths() {}

  static StorePath path(String name, char hash) {
    return new StorePath(String.valueOf(hash).repeat(32), name);
  }

  static PathInfo wanted(String name, long size, StorePath... references) {
    return new PathInfo(
        path(name, '0'),
        Sha256.of(new byte[32]),
        size,
        new TreeSet<>(Set.of(references)),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  static OldPath old(String name, long size) {
    return new OldPath(path(name, '1'), size);
  }
}
