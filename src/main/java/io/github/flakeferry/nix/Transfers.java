package io.github.flakeferry.nix;

import java.util.HashMap;
import java.util.Map;

/**
 * How much substituters have sent. Downloads are counted where there are any, compressed as they
 * are; else copies of paths, which is what a local cache makes, in NAR bytes.
 */
final class Transfers {
  private final Map<Long, Integer> types = new HashMap<>();
  private final Map<Long, Long> active = new HashMap<>();
  private final Map<Integer, Long> finished = new HashMap<>();
  private final Map<Integer, Map<Long, Long>> expected = new HashMap<>();

  void started(long id, int type) {
    if (type == LogLine.COPY_PATH || type == LogLine.FILE_TRANSFER) {
      types.put(id, type);
      active.put(id, 0L);
    }
  }

  void progressed(long id, long bytes) {
    active.computeIfPresent(id, (i, before) -> bytes);
  }

  void stopped(long id) {
    Integer type = types.remove(id);
    Long bytes = active.remove(id);
    if (type != null && bytes != null) {
      finished.merge(type, bytes, Long::sum);
    }
  }

  /** An activity expects this many bytes of a type in all. */
  void expected(long id, int type, long bytes) {
    expected.computeIfAbsent(type, t -> new HashMap<>()).put(id, bytes);
  }

  long bytes() {
    int type = counted();
    long now =
        active.entrySet().stream()
            .filter(e -> Integer.valueOf(type).equals(types.get(e.getKey())))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return finished.getOrDefault(type, 0L) + now;
  }

  long expectedBytes() {
    return Math.max(bytes(), expected(counted()));
  }

  private int counted() {
    return expected(LogLine.FILE_TRANSFER) > 0 ? LogLine.FILE_TRANSFER : LogLine.COPY_PATH;
  }

  private long expected(int type) {
    return expected.getOrDefault(type, Map.of()).values().stream().mapToLong(Long::longValue).sum();
  }
}
