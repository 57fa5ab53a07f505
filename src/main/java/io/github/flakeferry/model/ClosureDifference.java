package io.github.flakeferry.model;

import java.util.List;
import java.util.Optional;

/**
 * What a new system has that the old one has not.
 *
 * @param oldBytes NAR bytes of the old closure
 * @param newBytes NAR bytes of the new closure
 * @param kernel the name of the package that the new system's kernel is of, where that is known
 */
public record ClosureDifference(
    List<Change> changes, long oldBytes, long newBytes, Optional<String> kernel) {
  public ClosureDifference {
    changes = List.copyOf(changes);
  }

  /** A difference of systems whose kernel is not known. */
  public ClosureDifference(List<Change> changes, long oldBytes, long newBytes) {
    this(changes, oldBytes, newBytes, Optional.empty());
  }

  /** Whether a change is the kernel's. */
  public boolean isKernel(Change change) {
    return kernel.filter(change.name()::equals).isPresent();
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
