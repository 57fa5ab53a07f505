package io.github.flakeferry.board.delta;

import io.github.flakeferry.model.PathInfo;
import java.io.IOException;
import java.io.OutputStream;

/** Writes what a board's store wants to be told of a path before its NAR. */
@FunctionalInterface
public interface PieceHeader {
  /** Always the same bytes for the same path. */
  void write(PathInfo info, OutputStream to) throws IOException;
}
