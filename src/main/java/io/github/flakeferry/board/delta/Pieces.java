package io.github.flakeferry.board.delta;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts paths together into pieces: starting programs for each of many small ones would take a board
 * longer than unpacking them. A large one is a piece by itself.
 */
public final class Pieces {
  /** A path with more than this, what it is compared with included, goes alone. */
  private static final long SMALL = 1 << 20;

  /** A piece of small ones has no more than this, what it is compared with included. */
  public static final long TOGETHER = 8 << 20;

  private final References references;
  private final List<Piece> done = new ArrayList<>();
  private List<PathInfo> open = new ArrayList<>();
  private Set<OldPath> openReferences = new LinkedHashSet<>();
  private final Set<StorePath> inOpen = new HashSet<>();
  private long openBytes;

  private Pieces(References references) {
    this.references = references;
  }

  /**
   * All pieces of a closure, in an order in which a store takes them.
   *
   * @param ordered references before referrers
   */
  public static List<Piece> of(List<PathInfo> ordered, References references) {
    var pieces = new Pieces(references);
    ordered.forEach(pieces::add);
    pieces.finishOpen();
    return List.copyOf(pieces.done);
  }

  /**
   * Those of the pieces, or parts of them, that are still missing; unfit references are dropped.
   */
  public static List<Piece> left(List<Piece> pieces, List<PathInfo> missing, Set<OldPath> unfit) {
    Set<StorePath> lacked = missing.stream().map(PathInfo::path).collect(Collectors.toSet());
    var left = new ArrayList<Piece>();
    for (Piece piece : pieces) {
      List<PathInfo> paths =
          piece.paths().stream().filter(info -> lacked.contains(info.path())).toList();
      if (!paths.isEmpty()) {
        left.add(piece.only(paths).without(unfit));
      }
    }
    return left;
  }

  private void add(PathInfo info) {
    Optional<OldPath> reference = references.of(info);
    long bytes = info.narSize() + reference.map(OldPath::narSize).orElse(0L);
    if (bytes > SMALL) {
      if (info.references().stream().anyMatch(inOpen::contains)) {
        finishOpen();
      }
      done.add(new Piece(List.of(info), reference.stream().toList()));
      return;
    }
    if (openBytes + bytes > TOGETHER) {
      finishOpen();
    }
    open.add(info);
    inOpen.add(info.path());
    reference.ifPresent(openReferences::add);
    openBytes += bytes;
  }

  private void finishOpen() {
    if (!open.isEmpty()) {
      done.add(new Piece(open, List.copyOf(openReferences)));
    }
    open = new ArrayList<>();
    openReferences = new LinkedHashSet<>();
    inOpen.clear();
    openBytes = 0;
  }
}
