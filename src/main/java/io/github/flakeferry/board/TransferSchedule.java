package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Piece;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which lane sends which piece, and when. A lane is a channel whose other end takes one path after
 * the other; between lanes there is no order but that of the acknowledgements. So a piece goes to a
 * lane once each reference of its paths is acknowledged, or went down the same lane before.
 */
final class TransferSchedule {
  private static final int NO_LANE = -1;

  /** How far a lane looks for a piece that it may send: the order stays much as it was. */
  private static final int LOOK_AHEAD = 256;

  private final Set<Piece> waiting = new LinkedHashSet<>();
  // what is not acknowledged yet, and the lane that it went down
  private final Map<StorePath, Integer> lanes = new HashMap<>();
  private boolean stopped;

  /**
   * @param ordered references before referrers
   */
  TransferSchedule(List<Piece> ordered) {
    for (Piece piece : ordered) {
      waiting.add(piece);
      piece.paths().forEach(info -> lanes.put(info.path(), NO_LANE));
    }
  }

  /** A piece that this lane may send at once, if there is one. */
  synchronized Optional<Piece> poll(int lane) {
    Iterator<Piece> candidates = waiting.iterator();
    for (int i = 0; i < LOOK_AHEAD && candidates.hasNext() && !stopped; i++) {
      Piece candidate = candidates.next();
      if (isReady(candidate, lane)) {
        candidates.remove();
        candidate.paths().forEach(info -> lanes.put(info.path(), lane));
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /**
   * Waits for a piece that this lane may send. What the lane has sent must be on its way: others
   * may wait for its acknowledgement.
   *
   * @return empty if all have been given out, or it was stopped
   */
  synchronized Optional<Piece> take(int lane) throws InterruptedIOException {
    while (!waiting.isEmpty() && !stopped) {
      Optional<Piece> ready = poll(lane);
      if (ready.isPresent()) {
        return ready;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
    return Optional.empty();
  }

  private boolean isReady(Piece piece, int lane) {
    Set<StorePath> own = piece.paths().stream().map(PathInfo::path).collect(Collectors.toSet());
    return piece.paths().stream()
        .flatMap(info -> info.references().stream())
        .filter(reference -> !own.contains(reference))
        .map(reference -> lanes.getOrDefault(reference, lane))
        .allMatch(other -> other == lane);
  }

  /** A path is in the store. */
  synchronized void arrived(PathInfo info) {
    lanes.remove(info.path());
    notifyAll();
  }

  /** Gives nothing out any more. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
