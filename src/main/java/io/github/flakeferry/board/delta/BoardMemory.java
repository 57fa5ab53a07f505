package io.github.flakeferry.board.delta;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much a board may hold at once of what it unpacks. A lane unpacks one piece after the other,
 * and so needs what the largest needs of those that are on their way to it. For several threads.
 */
public final class BoardMemory {
  private final long most;
  private final Map<Integer, List<Piece>> lanes = new HashMap<>();

  /**
   * @param most bytes; no piece may need more
   */
  public BoardMemory(long most) {
    this.most = most;
  }

  /** What unpacking a difference needs: zstd holds what comes out, and what it is compared with. */
  static long need(Piece piece) {
    return piece.narSize() + piece.referenceSize();
  }

  /** Takes what a piece needs, if it is free. */
  public synchronized boolean tryTake(int lane, Piece piece) {
    if (need(piece) > most) {
      throw new IllegalArgumentException("%d of %d bytes".formatted(need(piece), most));
    }
    long others =
        lanes.entrySet().stream()
            .filter(e -> e.getKey() != lane)
            .mapToLong(e -> largest(e.getValue()))
            .sum();
    List<Piece> own = lanes.computeIfAbsent(lane, l -> new ArrayList<>());
    if (others + Math.max(largest(own), need(piece)) > most) {
      return false;
    }
    own.add(piece);
    return true;
  }

  private static long largest(List<Piece> all) {
    return all.stream().mapToLong(BoardMemory::need).max().orElse(0);
  }

  /** Waits until it is free. What the lane has sent must be on its way. */
  public synchronized void take(int lane, Piece piece) throws InterruptedIOException {
    try {
      while (!tryTake(lane, piece)) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** The piece has been unpacked; nothing happens where it needed none. */
  public synchronized void giveBack(int lane, Piece piece) {
    Optional.ofNullable(lanes.get(lane)).ifPresent(own -> own.remove(piece));
    notifyAll();
  }
}
