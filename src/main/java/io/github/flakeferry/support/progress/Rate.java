package io.github.flakeferry.support.progress;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast something goes on: what was done in the last few seconds. */
final class Rate {
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final double SECOND = 1e9;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(Instant at, long done) {}

  /**
   * @param done in all so far; less than before means that it began anew
   */
  void advanced(long done, Instant at) {
    if (!samples.isEmpty() && done < samples.getLast().done) {
      samples.clear();
    }
    samples.addLast(new Sample(at, done));
    // one that is older stays, so that the window is covered
    while (samples.size() > 2 && second().at.isBefore(at.minus(WINDOW))) {
      samples.removeFirst();
    }
  }

  private Sample second() {
    var all = samples.iterator();
    all.next();
    return all.next();
  }

  /** In a second; 0 as long as nobody can say. */
  long perSecond(Instant now) {
    if (samples.isEmpty()) {
      return 0;
    }
    Duration took = Duration.between(samples.getFirst().at, now);
    long done = samples.getLast().done - samples.getFirst().done;
    return took.compareTo(LEAST) < 0 ? 0 : Math.round(done / (took.toNanos() / SECOND));
  }
}
