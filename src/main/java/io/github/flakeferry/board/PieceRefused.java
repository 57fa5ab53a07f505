package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Piece;

/** A board did not take a piece that was packed; it may take its paths as they are. */
final class PieceRefused extends BoardFailure {
  private final Piece piece;

  PieceRefused(Piece piece, BoardFailure cause) {
    super(cause.code(), cause.problem(), cause.advice());
    initCause(cause);
    this.piece = piece;
  }

  Piece piece() {
    return piece;
  }
}
