package io.github.flakeferry.board;

import io.github.flakeferry.testbed.TestBoard;
import java.io.IOException;
import java.time.Duration;

/**
 * What it took to copy something to a board.
 *
 * @param up bytes on the cable to the board
 * @param down bytes on the cable from it
 */
record CopyCost(double seconds, long up, long down) {
  /** A way to copy it. */
  interface Copier {
    void copy() throws IOException;
  }

  /** Copies. */
  static CopyCost of(TestBoard board, Copier copier) throws IOException {
    long[] before = traffic(board);
    long began = System.nanoTime();
    copier.copy();
    double seconds = seconds(began);
    long[] after = traffic(board);
    return new CopyCost(seconds, after[0] - before[0], after[1] - before[1]);
  }

  /** How long ago that was, by {@link System#nanoTime}. */
  static double seconds(long since) {
    return Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0;
  }

  private static long[] traffic(TestBoard board) throws IOException {
    String[] fields =
        board
            .run("awk '$1 == \"eth0:\" { print $2, $10 }' /proc/net/dev")
            .orThrow()
            .output()
            .strip()
            .split(" ");
    return new long[] {Long.parseLong(fields[0]), Long.parseLong(fields[1])};
  }
}
