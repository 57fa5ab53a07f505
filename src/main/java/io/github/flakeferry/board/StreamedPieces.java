package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Piece;
import io.github.flakeferry.model.PathInfo;
import java.io.IOException;

/** Sends paths as they are to a board's {@code nix-store}. */
final class StreamedPieces implements PieceSender {
  private final Nars nars;

  StreamedPieces(Nars nars) {
    this.nars = nars;
  }

  @Override
  public void send(Piece piece, int lane, ServeChannel channel) throws IOException {
    for (PathInfo info : piece.paths()) {
      channel.protocol().announce(info);
      nars.write(info, channel.out());
    }
  }

  @Override
  public void arrived(Piece piece, int lane) {}
}
