package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Piece;
import java.io.IOException;

/** Puts pieces on the channels of a transfer. For several lanes at once. */
interface PieceSender {
  /** Sends a piece; what the lane has sent before it must be on its way if this waits. */
  void send(Piece piece, int lane, ServeChannel channel) throws IOException;

  /** A piece that went down this lane is in the board's store. */
  void arrived(Piece piece, int lane);
}
