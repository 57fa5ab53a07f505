package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.BoardMemory;
import io.github.flakeferry.board.delta.Encoded;
import io.github.flakeferry.board.delta.Encodings;
import io.github.flakeferry.board.delta.OldPath;
import io.github.flakeferry.board.delta.Piece;
import io.github.flakeferry.board.delta.Worth;
import io.github.flakeferry.model.PathInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Sends pieces over {@link PieceChannel}s, each in the way that takes fewest bytes. */
final class PackedPieces implements PieceSender {
  private static final int BUFFER = 1 << 16;

  /** What does not become smaller than this the board need not unpack. */
  private static final int MOST_PERCENT = 97;

  private final Encodings encodings;
  private final Nars nars;
  private final Worth worth;
  private final BoardMemory memory;
  private final TransferMeter meter;
  private final PackedTally tally;

  PackedPieces(
      Encodings encodings,
      Nars nars,
      Worth worth,
      BoardMemory memory,
      TransferMeter meter,
      PackedTally tally) {
    this.encodings = encodings;
    this.nars = nars;
    this.worth = worth;
    this.memory = memory;
    this.meter = meter;
    this.tally = tally;
  }

  @Override
  public void send(Piece piece, int lane, ServeChannel channel) throws IOException {
    if (!worth.differences()) {
      raw(piece, channel.out());
      return;
    }
    Future<Encoded> packing = encodings.of(piece);
    if (!packing.isDone()) {
      channel.out().flush();
    }
    Encoded packed;
    try {
      packed = packing.get();
    } catch (ExecutionException e) {
      raw(piece, channel.out()); // and it says what is the matter
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    if (packed.size() > piece.narSize() / 100 * MOST_PERCENT) {
      raw(piece, channel.out());
      return;
    }
    if (packed.difference() && !memory.tryTake(lane, piece)) {
      channel.out().flush();
      memory.take(lane, piece);
    }
    packed(piece, packed, channel.out());
  }

  private void raw(Piece piece, OutputStream to) throws IOException {
    for (PathInfo info : piece.paths()) {
      byte[] header = header(info);
      PieceChannel.line("raw " + (header.length + info.narSize()), to);
      small(header, to);
      nars.write(info, to);
    }
    tally.raw(piece);
  }

  private void packed(Piece piece, Encoded packed, OutputStream to) throws IOException {
    boolean alone = piece.paths().size() == 1;
    if (alone) {
      byte[] header = header(piece.paths().getFirst());
      PieceChannel.line("raw " + header.length, to);
      small(header, to);
    }
    if (packed.difference()) {
      byte[] request =
          ServeProtocol.dumpRequest(piece.references().stream().map(OldPath::path).toList());
      String word = alone ? "delta" : "deltas";
      PieceChannel.line(word + " " + request.length + " " + packed.size(), to);
      small(request, to);
    } else {
      PieceChannel.line("zstd " + packed.size(), to);
    }
    file(piece, packed, to);
    tally.packed(piece, packed);
  }

  private static byte[] header(PathInfo info) throws IOException {
    var bytes = new ByteArrayOutputStream();
    ServeProtocol.announce(info, bytes);
    return bytes.toByteArray();
  }

  private void small(byte[] bytes, OutputStream to) throws IOException {
    to.write(bytes);
    meter.sent(bytes.length, 0);
  }

  private void file(Piece piece, Encoded packed, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    double unpacked = (double) piece.narSize() / packed.size();
    long sent = 0;
    try (InputStream in = Files.newInputStream(packed.file())) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        to.write(buffer, 0, n);
        long before = (long) (sent * unpacked);
        sent += n;
        meter.sent(n, (long) (sent * unpacked) - before);
      }
    }
  }

  @Override
  public void arrived(Piece piece, int lane) {
    memory.giveBack(lane, piece);
    worth.arrived(piece.narSize());
  }
}
