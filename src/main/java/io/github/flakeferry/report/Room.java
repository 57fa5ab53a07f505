package io.github.flakeferry.report;

import io.github.flakeferry.support.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * How much of each part a page shows.
 *
 * @param block chars of a folded list or log
 * @param folds how many folded lists and logs
 * @param items rows of the table, reasons, warnings: each so many
 */
record Room(int block, int folds, int items) {
  private static final Room AMPLE =
      new Room(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
  private static final int SMALLEST_BLOCK = 400;
  private static final int MOST_FOLDS = 1000;
  private static final int MOST_ITEMS = 10_000;
  private static final int REASON = 4000;
  private static final int LINE = 1000;

  /**
   * The page with all of it, or cut where it hurts least until it is short enough: the longest
   * lists and logs first, then the last of them, and only then rows of the table.
   *
   * @param longest chars, enough for a page with {@link #items} 1
   */
  static String fit(int longest, Function<Room, String> page) {
    String whole = page.apply(AMPLE);
    if (whole.length() <= longest) {
      return whole;
    }
    return largest(
            SMALLEST_BLOCK,
            longest,
            longest,
            block -> page.apply(new Room(block, Integer.MAX_VALUE, Integer.MAX_VALUE)))
        .or(
            () ->
                largest(
                    0,
                    MOST_FOLDS,
                    longest,
                    folds -> page.apply(new Room(SMALLEST_BLOCK, folds, Integer.MAX_VALUE))))
        .or(() -> largest(1, MOST_ITEMS, longest, items -> page.apply(new Room(0, 0, items))))
        .orElseThrow(() -> new IllegalStateException("no page of " + longest + " chars"));
  }

  /** The page for the largest of these numbers with which it is short enough. */
  private static Optional<String> largest(
      int least, int most, int longest, IntFunction<String> page) {
    Optional<String> best = Optional.empty();
    int low = least;
    int high = most;
    int next = least;
    while (low <= high) {
      String candidate = page.apply(next);
      if (candidate.length() <= longest) {
        best = Optional.of(candidate);
        low = next + 1;
      } else {
        high = next - 1;
      }
      next = low + (high - low) / 2;
    }
    return best;
  }

  boolean isAmple() {
    return equals(AMPLE);
  }

  /** The first lines of a list. */
  List<String> list(List<String> lines, Cuts cuts) {
    List<String> shown = first(lines, block);
    if (shown.size() == lines.size()) {
      return shown;
    }
    cuts.lists++;
    var some = new ArrayList<>(shown);
    some.add(left(lines, shown, "further"));
    return some;
  }

  /** The last lines of a log. */
  List<String> log(List<String> lines, Cuts cuts) {
    List<String> shown = first(lines.reversed(), block).reversed();
    if (shown.size() == lines.size()) {
      return shown;
    }
    cuts.logs++;
    var some = new ArrayList<String>();
    some.add(left(lines, shown, "earlier"));
    some.addAll(shown);
    return some;
  }

  /** The first lines of a reason, which is always shown. */
  List<String> reason(List<String> lines, Cuts cuts) {
    List<String> shown = first(lines, isAmple() ? Integer.MAX_VALUE : REASON);
    if (shown.size() == lines.size()) {
      return shown;
    }
    cuts.texts++;
    var some = new ArrayList<>(shown);
    some.add(left(lines, shown, "further"));
    return some;
  }

  /** At least one line, and so many as have room. */
  private static List<String> first(List<String> lines, int chars) {
    var shown = new ArrayList<String>();
    int used = 0;
    for (String line : lines) {
      String cut = Words.shortened(line, LINE);
      used += cut.length() + 1;
      if (!shown.isEmpty() && used > chars) {
        break;
      }
      shown.add(cut);
    }
    return shown;
  }

  private static String left(List<String> lines, List<String> shown, String which) {
    int count = lines.size() - shown.size();
    return "… %d %s %s left out".formatted(count, which, count == 1 ? "line" : "lines");
  }
}
