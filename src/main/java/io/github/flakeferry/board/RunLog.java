package io.github.flakeferry.board;

import java.util.List;
import java.util.Optional;

/**
 * What a board keeps of one of its activations. The lines are the board's: data.
 *
 * @param kept all whose logs it keeps, the newest first
 * @param run the one that was asked for
 * @param lines the end of its supervisor's log
 * @param journal the end of systemd's journal of that time; absent where it was not asked for or
 *     did not come
 */
public record RunLog(
    List<PastRun> kept, PastRun run, List<String> lines, Optional<List<String>> journal) {
  public RunLog {
    kept = List.copyOf(kept);
    lines = List.copyOf(lines);
    journal = journal.map(List::copyOf);
  }

  /**
   * Which log is wanted.
   *
   * @param run its number, 1 for the newest, or its name
   * @param lines how many of the last lines, of the log and of the journal
   * @param journal whose journal is wanted, too
   */
  public record Wanted(String run, int lines, Optional<Units> journal) {}

  /** Whose lines of the journal are wanted. */
  public enum Units {
    /** Those that the activation left failed, and those that are failed now. */
    FAILED,
    /** All there are; only root is told. */
    ALL;

    /** {@code failed} or {@code all}. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
