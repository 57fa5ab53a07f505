package io.github.flakeferry.board;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which lane sends which path, and when. A lane is a channel whose other end takes one path after
 * the other; between lanes there is no order but that of the acknowledgements. So a path goes to a
 * lane once each of its references is acknowledged, or went down the same lane before.
 */
final class TransferSchedule {
  private static final int NO_LANE = -1;

  /** How far a lane looks for a path that it may send: the order stays much as it was. */
  private static final int LOOK_AHEAD = 256;

  private final Map<StorePath, PathInfo> waiting = new LinkedHashMap<>();
  // what is not acknowledged yet, and the lane that it went down
  private final Map<StorePath, Integer> lanes = new HashMap<>();
  private boolean stopped;

  /**
   * @param ordered references before referrers
   */
  TransferSchedule(List<PathInfo> ordered) {
    for (PathInfo info : ordered) {
      waiting.put(info.path(), info);
      lanes.put(info.path(), NO_LANE);
    }
  }

  /** A path that this lane may send at once, if there is one. */
  synchronized Optional<PathInfo> poll(int lane) {
    Iterator<PathInfo> candidates = waiting.values().iterator();
    for (int i = 0; i < LOOK_AHEAD && candidates.hasNext() && !stopped; i++) {
      PathInfo candidate = candidates.next();
      if (isReady(candidate, lane)) {
        candidates.remove();
        lanes.put(candidate.path(), lane);
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /**
   * Waits for a path that this lane may send. What the lane has sent must be on its way: others may
   * wait for its acknowledgement.
   *
   * @return empty if all have been given out, or it was stopped
   */
  synchronized Optional<PathInfo> take(int lane) throws InterruptedIOException {
    while (!waiting.isEmpty() && !stopped) {
      Optional<PathInfo> ready = poll(lane);
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

  private boolean isReady(PathInfo info, int lane) {
    return info.references().stream()
        .filter(reference -> !reference.equals(info.path()))
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
