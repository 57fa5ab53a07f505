package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.time.Duration;
import java.util.List;

/** Counts what a transfer has done, over all its attempts, and tells it as it goes. */
final class TransferMeter {
  /** Between two reports while a path is on its way. */
  private static final long PACE = Duration.ofMillis(200).toNanos();

  private final BoardName board;
  private final Progress progress;
  private final int paths;
  private final long bytes;
  private int arrived;
  private long under; // bytes that arrived, or are on their way
  private long sent;
  private long lastReport;

  TransferMeter(BoardName board, Progress progress, List<PathInfo> missing) {
    this.board = board;
    this.progress = progress;
    this.paths = missing.size();
    this.bytes = bytesOf(missing);
    this.lastReport = System.nanoTime();
    report();
  }

  private static long bytesOf(List<PathInfo> infos) {
    return infos.stream().mapToLong(PathInfo::narSize).sum();
  }

  /** An attempt begins: all but these have arrived, whoever brought them. */
  synchronized void begin(List<PathInfo> missing) {
    arrived = paths - missing.size();
    under = bytes - bytesOf(missing);
    report();
  }

  /** The board fetches a path by itself. */
  synchronized void fetching(PathInfo info) {
    report();
    arrived++;
    under += info.narSize();
  }

  /**
   * Something was sent.
   *
   * @param count bytes
   * @param unpacked bytes of the NAR that come of them
   */
  synchronized void sent(long count, long unpacked) {
    sent += count;
    under += unpacked;
    if (System.nanoTime() - lastReport >= PACE) {
      report();
    }
  }

  /** Bytes of the NARs that are to arrive, or have arrived, in whichever way. */
  long narBytes() {
    return bytes;
  }

  synchronized void arrived() {
    arrived++;
    report();
  }

  /** Another number as soon as anything more was sent or has arrived. */
  synchronized long moved() {
    return sent + arrived;
  }

  /** Bytes that were sent, in all attempts together. */
  synchronized long sentBytes() {
    return sent;
  }

  private void report() {
    lastReport = System.nanoTime();
    progress.report(new ProgressEvent.TransferAdvanced(board, arrived, paths, under, bytes));
  }
}
