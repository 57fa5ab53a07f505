package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Piece;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Brings what a board lacks into its store over one connection, without waiting for each path: over
 * one channel, or over several where there is much to send, since a channel's window bounds its
 * speed on a long link. As long as it is open, the board's garbage collector keeps what was asked
 * for and what was sent, over whichever channel.
 */
final class Transfer implements AutoCloseable {
  private static final int MOST_LANES = 4;

  /** How long a board may look for paths in its store. */
  private static final Duration ANSWER = Duration.ofMinutes(5);

  /** For each of these one more lane: two windows of a channel. */
  private static final long BYTES_A_LANE = 4L << 20;

  private final Connection connection;
  private final BoardName board;
  private final ServeChannel first;

  /** Starts the board's {@code nix-store} and greets it. */
  Transfer(Connection connection, BoardName board) throws IOException {
    this.connection = connection;
    this.board = board;
    first = new ServeChannel(connection);
    try (var _ = connection.bound(ANSWER)) {
      first.protocol().greet();
    } catch (IOException e) {
      IOException told = explained(first, e);
      close();
      throw told;
    }
  }

  /**
   * What of a closure the board lacks, references before referrers. Its collector keeps all of the
   * closure from now on: what it has, and what it gets.
   */
  List<PathInfo> missing(List<PathInfo> closure) throws IOException {
    // a collector that runs holds it up
    try (var _ = connection.bound(ANSWER)) {
      Set<StorePath> valid =
          first.protocol().validPaths(closure.stream().map(PathInfo::path).toList());
      return TransferOrder.of(closure).stream().filter(i -> !valid.contains(i.path())).toList();
    } catch (IOException e) {
      throw explained(first, e);
    }
  }

  /** How many channels are worth opening. */
  static int lanes(List<PathInfo> missing) {
    long bytes = missing.stream().mapToLong(PathInfo::narSize).sum();
    return (int) Math.min(Math.min(missing.size(), MOST_LANES), 1 + bytes / BYTES_A_LANE);
  }

  /**
   * Sends paths as they are and waits until the board's store has them all.
   *
   * @param missing as {@link #missing} told it
   * @throws BoardFailure if the board's Nix does not take them, with its own words; or if a NAR
   *     can't be read
   * @throws IOException if the link is lost
   */
  void send(List<PathInfo> missing, ContentSource contents, TransferMeter meter)
      throws IOException {
    meter.begin(missing);
    new Sending(
            missing.stream().map(Piece::of).toList(),
            new StreamLanes(),
            new StreamedPieces(new Nars(contents, meter)),
            meter)
        .run(lanes(missing));
  }

  /** A channel that takes packed pieces, beside this one. */
  PieceChannel pieceChannel() throws IOException {
    try (var _ = connection.bound(ANSWER)) {
      return new PieceChannel(connection);
    }
  }

  /**
   * Sends pieces and waits until the board's store has them all.
   *
   * @param channel the first of those that they go over; closed afterwards
   * @param lanes how many there may be
   * @throws PieceRefused if the board can't unpack one, or its Nix does not take what comes out
   * @throws BoardFailure and IOException as for paths as they are
   */
  void send(
      List<Piece> pieces, PieceChannel channel, int lanes, PieceSender sender, TransferMeter meter)
      throws IOException {
    new Sending(pieces, new PackedLanes(channel), sender, meter)
        .run(Math.min(lanes, pieces.size()));
  }

  private final class StreamLanes implements Sending.Lanes {
    @Override
    public ServeChannel open(int lane) throws IOException {
      if (lane == 0) {
        return first;
      }
      var channel = new ServeChannel(connection);
      try (var _ = connection.bound(ANSWER)) {
        channel.protocol().greet();
      }
      return channel;
    }

    @Override
    public boolean stays(int lane) {
      return lane == 0;
    }

    @Override
    public Exception explained(ServeChannel channel, List<Piece> awaited, IOException e) {
      try {
        return Transfer.this.explained(channel, e);
      } catch (IOException | RuntimeException told) {
        return told;
      }
    }
  }

  private final class PackedLanes implements Sending.Lanes {
    private final PieceChannel given;

    PackedLanes(PieceChannel given) {
      this.given = given;
    }

    @Override
    public ServeChannel open(int lane) throws IOException {
      return lane == 0 ? given.begin() : further().begin();
    }

    // the board may have lost what it unpacks with, or the memory for it
    private PieceChannel further() throws IOException {
      PieceChannel channel = pieceChannel();
      if (channel.ability() != given.ability()) {
        channel.close();
        throw new IOException("a further channel can't do what the first one can");
      }
      return channel;
    }

    @Override
    public boolean stays(int lane) {
      return false;
    }

    @Override
    public Exception explained(ServeChannel channel, List<Piece> awaited, IOException e) {
      Exception told = new StreamLanes().explained(channel, awaited, e);
      return told instanceof NixComplaint complaint
              && complaint.outcome() != Outcome.REFUSED
              && !awaited.isEmpty()
          ? new PieceRefused(awaited.getFirst(), complaint)
          : told;
    }
  }

  /**
   * What an exception on a channel means.
   *
   * @return the same, where the link is lost
   */
  private IOException explained(ServeChannel channel, IOException e) throws InterruptedIOException {
    Interruption.check(e);
    if (e instanceof Nars.BadContent || e instanceof ServeProtocol.Mismatch) {
      throw new BoardFailure(FailureCode.PATH_REFUSED, board + ": " + e.getMessage(), "");
    }
    channel
        .lastWords()
        .ifPresent(
            words -> {
              throw NixComplaint.of(board, words);
            });
    return e;
  }

  @Override
  public void close() {
    first.close();
  }
}
