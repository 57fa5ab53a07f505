package io.github.flakeferry.model;

import java.util.List;
import java.util.Optional;

/**
 * What a new system has that the old one has not.
 *
 * @param oldBytes NAR bytes of the old closure
 * @param newBytes NAR bytes of the new closure
 */
public record ClosureDifference(List<Change> changes, long oldBytes, long newBytes) {
  public ClosureDifference {
    changes = List.copyOf(changes);
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /**
   * One package. Both versions absent: it has none in its name. Same version on both sides:
   * rebuilt.
   *
   * @param kind how it changed
   * @param sizeDelta NAR bytes, new minus old
   */
  public record Change(
      String name,
      Kind kind,
      Optional<String> oldVersion,
      Optional<String> newVersion,
      long sizeDelta) {}

  public enum Kind {
    ADDED,
    REMOVED,
    UPGRADED,
    DOWNGRADED,
    REBUILT
  }
}
