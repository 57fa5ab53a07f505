package io.github.flakeferry.model;

import java.util.List;

/**
 * What an activation did to the units of systemd, or would do. A board says it: the names are data.
 *
 * @param restarted also those that were stopped before the activation and started after it
 * @param stopped for good
 * @param kept those that changed but go on as they were, until a restart of the board
 */
public record UnitChanges(
    List<String> restarted,
    List<String> reloaded,
    List<String> started,
    List<String> stopped,
    List<String> kept) {
  /** Nothing was done to any unit, or nothing is known. */
  public static final UnitChanges NONE =
      new UnitChanges(List.of(), List.of(), List.of(), List.of(), List.of());

  public UnitChanges {
    restarted = List.copyOf(restarted);
    reloaded = List.copyOf(reloaded);
    started = List.copyOf(started);
    stopped = List.copyOf(stopped);
    kept = List.copyOf(kept);
  }

  public boolean isEmpty() {
    return equals(NONE);
  }
}
