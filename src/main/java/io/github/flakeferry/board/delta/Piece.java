package io.github.flakeferry.board.delta;

import io.github.flakeferry.model.PathInfo;
import java.util.List;
import java.util.Set;

/**
 * Paths that go to a board in one piece.
 *
 * @param paths at least one, references before referrers
 * @param references whose NARs, one after the other, are what it is a difference to; may be empty
 */
public record Piece(List<PathInfo> paths, List<OldPath> references) {
  public Piece {
    paths = List.copyOf(paths);
    references = List.copyOf(references);
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("a piece of nothing");
    }
  }

  /** One path, as it is. */
  public static Piece of(PathInfo path) {
    return new Piece(List.of(path), List.of());
  }

  /** Bytes of the NARs of its paths. */
  public long narSize() {
    return paths.stream().mapToLong(PathInfo::narSize).sum();
  }

  /** Bytes of the NARs that it is a difference to. */
  public long referenceSize() {
    return references.stream().mapToLong(OldPath::narSize).sum();
  }

  /** The same without what others have brought. */
  Piece only(List<PathInfo> missing) {
    return new Piece(missing, references);
  }

  /** The same, as a difference to nothing where it was one to any of these. */
  Piece without(Set<OldPath> unfit) {
    return references.stream().anyMatch(unfit::contains) ? new Piece(paths, List.of()) : this;
  }
}
