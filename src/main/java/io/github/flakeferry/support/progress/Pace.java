package io.github.flakeferry.support.progress;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Lets through so many of the events that come in swarms that people can read them. */
public final class Pace {
  private final InstantSource clock;
  private final Duration every;
  private final Map<String, Instant> last = new HashMap<>();
  private final Set<String> complete = new HashSet<>();

  /**
   * @param every the least time between two events of the same kind
   */
  public Pace(InstantSource clock, Duration every) {
    this.clock = clock;
    this.every = every;
  }

  /** Whether this one should be shown. */
  public synchronized boolean lets(ProgressEvent.BuildAdvanced build) {
    return lets("build", build.expected() > 0 && build.done() >= build.expected());
  }

  public synchronized boolean lets(ProgressEvent.PublishAdvanced publish) {
    return lets("publish " + publish.cache(), publish.ended());
  }

  public synchronized boolean lets(ProgressEvent.TransferAdvanced transfer) {
    return lets(
        "transfer " + transfer.board(),
        transfer.expected() > 0 && transfer.done() >= transfer.expected());
  }

  // the last step is always shown, but once
  private boolean lets(String kind, boolean isLast) {
    if (isLast) {
      last.put(kind, clock.instant());
      return complete.add(kind);
    }
    complete.remove(kind);
    Instant before = last.get(kind);
    if (before != null && Duration.between(before, clock.instant()).compareTo(every) < 0) {
      return false;
    }
    last.put(kind, clock.instant());
    return true;
  }
}
