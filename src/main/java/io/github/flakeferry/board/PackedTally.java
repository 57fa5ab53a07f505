package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Encoded;
import io.github.flakeferry.board.delta.Piece;
import io.github.flakeferry.support.Words;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts in which ways paths were sent. For several threads. */
final class PackedTally {
  private long asDifferences;
  private long compressed;
  private long asTheyAre;

  synchronized void raw(Piece piece) {
    asTheyAre += piece.paths().size();
  }

  synchronized void packed(Piece piece, Encoded packed) {
    if (packed.difference()) {
      asDifferences += piece.paths().size();
    } else {
      compressed += piece.paths().size();
    }
  }

  /** Whether anything was sent otherwise than it is. */
  synchronized boolean isPacked() {
    return asDifferences + compressed > 0;
  }

  /** {@code 80 paths as differences, 5 paths compressed}. */
  synchronized String told() {
    return Stream.of(
            told(asDifferences, "as differences"),
            told(compressed, "compressed"),
            told(asTheyAre, "as they are"))
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private static String told(long paths, String how) {
    return paths == 0 ? "" : Words.count(paths, "path") + " " + how;
  }
}
