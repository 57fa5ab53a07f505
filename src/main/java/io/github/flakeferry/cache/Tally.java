package io.github.flakeferry.cache;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Counts what was published and what is still to be, and tells it. The rate is that of the time in
 * which something was under way: a build may take hours between two uploads. For any number of
 * threads.
 */
final class Tally {
  private static final double SECOND = 1e9;

  private final String cache;
  private final Progress progress;
  private final LongSupplier nanos;
  private int uploaded;
  private int present;
  private int upstream;
  private int left;
  private int expected;
  private long narBytes;
  private long expectedBytes;
  private long compressedBytes;
  private int underWay;
  private long since;
  private long busyNanos;

  Tally(String cache, Progress progress, LongSupplier nanos) {
    this.cache = cache;
    this.progress = progress;
    this.nanos = nanos;
  }

  /** The cache lacks it. */
  synchronized void begun(PathInfo info) {
    expected++;
    expectedBytes += info.narSize();
    if (underWay++ == 0) {
      since = nanos.getAsLong();
    }
    tell(false);
  }

  /** What had begun came to an end, without being uploaded. */
  synchronized void brokenOff(PathInfo info) {
    rest();
    expected--;
    expectedBytes -= info.narSize();
    tell(false);
  }

  /** What had begun is there. */
  synchronized void uploaded(PathInfo info, long compressed) {
    rest();
    uploaded++;
    narBytes += info.narSize();
    compressedBytes += compressed;
    tell(false);
  }

  private void rest() {
    if (--underWay == 0) {
      busyNanos += nanos.getAsLong() - since;
    }
  }

  /** What became of a path, begun or not. */
  synchronized void ended(PathEnd end) {
    switch (end) {
      case UPLOADED -> {} // counted when it was
      case PRESENT -> present++;
      case UPSTREAM -> upstream++;
      case LEFT, POSTPONED -> left++;
    }
  }

  /** What was postponed is tried again. */
  synchronized void triedAgain() {
    left--;
  }

  /** All is told, and this time as the last word. */
  synchronized PublishResult result(Optional<PublishFailed> failure) {
    if (expected > 0) {
      tell(true);
    }
    return new PublishResult(uploaded, present, upstream, left, compressedBytes, narBytes, failure);
  }

  private void tell(boolean last) {
    long busy = busyNanos + (underWay > 0 ? nanos.getAsLong() - since : 0);
    progress.report(
        new ProgressEvent.PublishAdvanced(
            cache,
            uploaded,
            expected,
            narBytes,
            expectedBytes,
            compressedBytes,
            busy <= 0 ? 0 : Math.round(narBytes / (busy / SECOND)),
            last));
  }
}
