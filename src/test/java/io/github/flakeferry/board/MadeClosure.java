package io.github.flakeferry.board;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/** Store paths that no store has made, each with some of those before it as references. */
abstract class MadeClosure implements ContentSource {
  private static final String DIGITS = "0123456789abcdfghijklmnpqrsvwxyz"; // Nix's

  private final List<PathInfo> infos = new ArrayList<>();

  /** A hash for a path's name. */
  static String hash(Random random) {
    return random
        .ints(32, 0, DIGITS.length())
        .collect(StringBuilder::new, (b, i) -> b.append(DIGITS.charAt(i)), StringBuilder::append)
        .toString();
  }

  /** Adds the next one; the last one is the root. */
  final void add(StorePath path, Sha256 narHash, long narSize, Collection<StorePath> references) {
    infos.add(
        new PathInfo(
            path,
            narHash,
            narSize,
            new TreeSet<>(references),
            Optional.empty(),
            Optional.empty(),
            List.of()));
  }

  /** References before referrers. */
  final List<PathInfo> infos() {
    return List.copyOf(infos);
  }

  final PathInfo root() {
    return infos.getLast();
  }

  final long narBytes() {
    return infos.stream().mapToLong(PathInfo::narSize).sum();
  }

  final void sign(SigningKey key) {
    infos.replaceAll(info -> info.signedBy(key));
  }
}
