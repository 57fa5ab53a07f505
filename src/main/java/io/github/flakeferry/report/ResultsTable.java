package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.Words;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What became of each board, for a terminal or a log. */
public final class ResultsTable {
  private static final List<String> HEADS =
      List.of("BOARD", "ACTION", "OUTCOME", "RUNS", "TOOK", "SENT", "");

  private ResultsTable() {}

  /**
   * One line for each board below the heads, the last column with the first line of its message.
   */
  public static String render(List<BoardResult> results) {
    return TextTable.render(HEADS, results.stream().map(ResultsTable::row).toList());
  }

  /** The same, and below it the whole messages of some of them. */
  public static String explained(List<BoardResult> results, Predicate<BoardResult> isExplained) {
    return render(results)
        + results.stream()
            .filter(isExplained)
            .map(r -> "\n\n" + r.board() + ": " + Words.printable(r.message()))
            .collect(Collectors.joining());
  }

  private static List<String> row(BoardResult result) {
    return List.of(
        result.board().value(),
        result.action().label(),
        result.outcome().label(),
        result.after().map(StorePath::hash).orElse("?"),
        String.format(Locale.ROOT, "%.1f s", result.took().toMillis() / 1000.0),
        String.format(Locale.ROOT, "%.1f MiB", result.sentBytes() / 1048576.0),
        Words.printableLine(result.told().lines().findFirst().orElse("")));
  }
}
