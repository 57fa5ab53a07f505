package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.BoardMemory;
import io.github.flakeferry.board.delta.Encodings;
import io.github.flakeferry.board.delta.OldPath;
import io.github.flakeferry.board.delta.Piece;
import io.github.flakeferry.board.delta.Pieces;
import io.github.flakeferry.board.delta.References;
import io.github.flakeferry.board.delta.Worth;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.TransferMode;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is left to send to a board, as differences to what it has and otherwise compressed, as long
 * as the board takes it so. Not for more than one thread.
 */
final class Differences {
  /** So many of a board's references may turn out to be damaged before nothing is packed. */
  private static final int MOST_REFUSALS = 3;

  /** What a board needs to unpack for one more lane. */
  private static final long A_LANE = 64L << 20;

  private static final long LEFT_FREE = 64L << 20;

  /** With less, hardly anything could be compared. */
  private static final long LEAST_ROOM = Pieces.TOGETHER;

  // what was seen of packages from version to version; where all is only rehashed it is far less
  private static final int DIFFERENCE = 30;
  private static final int COMPRESSION = 3;

  private final BoardName board;
  private final TransferMode mode;
  private final List<OldPath> old;
  private final long room;
  private final Encodings encodings;
  private final ContentSource contents;
  private final Progress progress;
  private final PackedTally tally = new PackedTally();
  private final Set<OldPath> unfit = new HashSet<>();
  private Optional<List<Piece>> planned = Optional.empty();
  private int refusals;
  private boolean over;

  /**
   * @param old what the board has, and what is wanted has not
   * @param room bytes that it may hold of what it unpacks, in memory as on its disk
   */
  Differences(
      Deployment deployment,
      List<OldPath> old,
      long room,
      Encodings encodings,
      ContentSource contents,
      Progress progress) {
    this.board = deployment.board();
    this.mode = deployment.terms().transfer();
    this.old = List.copyOf(old);
    this.room = Math.clamp(room, 0, Encodings.MOST);
    this.encodings = encodings;
    this.contents = contents;
    this.progress = progress;
  }

  /**
   * What of a closure a wanted one does not have.
   *
   * @param closure what the board runs
   */
  static List<OldPath> old(Closure closure, List<PathInfo> wanted) {
    Set<StorePath> stay = wanted.stream().map(PathInfo::path).collect(Collectors.toSet());
    return closure.narSizes().entrySet().stream()
        .filter(e -> !stay.contains(e.getKey()))
        .map(e -> new OldPath(e.getKey(), e.getValue()))
        .toList();
  }

  /** Half of what a board has left, in memory as on its disk once all is there. */
  static long room(BoardFacts facts, List<PathInfo> missing) {
    long disk = facts.storeFreeBytes() - bytes(missing) - LEFT_FREE;
    return Math.min(facts.memoryBytes() - Fitness.LEAST_MEMORY, disk) / 2;
  }

  private static long bytes(List<PathInfo> infos) {
    return infos.stream().mapToLong(PathInfo::narSize).sum();
  }

  /**
   * Sends what is missing, if packing it is any use.
   *
   * @return false if it is none: nothing was sent
   * @throws PieceRefused to be handed to {@link #refused} before this is called again
   * @throws IOException if the link is lost
   */
  boolean send(Transfer transfer, List<PathInfo> missing, TransferMeter meter) throws IOException {
    if (over || (mode == TransferMode.AUTO && !Worth.asking(bytes(missing)))) {
      return false;
    }
    PieceChannel channel;
    try {
      channel = transfer.pieceChannel();
    } catch (IOException e) {
      Interruption.check(e);
      // a lost link is noticed next, and then this is asked again
      tellAsItIs("no further channel can be had: " + e.getMessage());
      return false;
    }
    try (channel) {
      if (channel.ability() == PieceChannel.Ability.NONE) {
        giveUp(channel.why());
        return false;
      }
      Worth worth =
          mode == TransferMode.DELTA
              ? Worth.always()
              : new Worth(Worth.measure(channel::time, bytes(missing)));
      if (!worth.differences()) {
        over = true;
        return false;
      }
      List<Piece> pieces = pieces(channel, missing);
      var _ =
          encodings
              .prepare(
                  pieces.stream().flatMap(p -> p.references().stream()).map(OldPath::path).toList())
              .whenComplete((_, _) -> worth.begin());
      encodings.begin(pieces);
      meter.begin(missing);
      var sender =
          new PackedPieces(
              encodings, new Nars(contents, meter), worth, new BoardMemory(room), meter, tally);
      transfer.send(pieces, channel, lanes(missing), sender, meter);
      return true;
    }
  }

  private int lanes(List<PathInfo> missing) {
    return Math.clamp(room / A_LANE, 1, Transfer.lanes(missing));
  }

  private List<Piece> pieces(PieceChannel channel, List<PathInfo> missing) {
    if (planned.isEmpty()) {
      boolean compared = compared(channel);
      var references = new References(compared ? old : List.of(), room);
      List<Piece> all = Pieces.of(missing, references);
      planned = Optional.of(all);
      progress.note(
          "%s: sending about %s instead of %s"
              .formatted(board, Words.bytes(estimate(all)), Words.bytes(bytes(missing))));
    }
    return Pieces.left(planned.get(), missing, unfit);
  }

  private boolean compared(PieceChannel channel) {
    String without =
        channel.ability() != PieceChannel.Ability.DELTA
            ? channel.why()
            : !encodings.compares()
                ? "this machine has no zstd"
                : old.isEmpty()
                    ? "it did not tell what it has"
                    : room < LEAST_ROOM ? "it has too little memory or disk left" : "";
    if (!without.isEmpty()) {
      progress.note(
          "%s: all is compressed, as no difference can be sent: %s".formatted(board, without));
    }
    return without.isEmpty();
  }

  private static long estimate(List<Piece> pieces) {
    return pieces.stream()
        .mapToLong(p -> p.narSize() / (p.references().isEmpty() ? COMPRESSION : DIFFERENCE))
        .sum();
  }

  /** The board did not take a piece: what it was compared with is no good, or nothing is. */
  void refused(PieceRefused refusal) {
    String why = Scripts.oneLine(refusal.problem());
    if (refusal.piece().references().isEmpty() || ++refusals > MOST_REFUSALS) {
      giveUp(why);
      return;
    }
    unfit.addAll(refusal.piece().references());
    progress.note(
        "%s: %s is sent again without differences: %s"
            .formatted(board, refusal.piece().paths().getLast().path().name(), why));
  }

  private void giveUp(String why) {
    over = true;
    tellAsItIs(why);
  }

  private void tellAsItIs(String why) {
    progress.note("%s: all is sent as it is: %s".formatted(board, Scripts.oneLine(why)));
  }

  /** Says what was saved, if anything was packed. */
  void tell(TransferMeter meter) {
    if (tally.isPacked()) {
      progress.note(
          "%s: sent %s instead of %s: %s"
              .formatted(
                  board,
                  Words.bytes(meter.sentBytes()),
                  Words.bytes(meter.narBytes()),
                  tally.told()));
    }
  }
}
