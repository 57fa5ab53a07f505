package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.Words;
import java.util.Comparator;
import java.util.List;

/** What became of each board, as a table in GitHub's Markdown. */
final class BoardsTable {
  private static final String HEAD =
      "| board | outcome | system before | system after | time |\n|---|---|---|---|---:|\n";

  private BoardsTable() {}

  /**
   * With an empty line at its end; empty where there are no boards. Where there is no room for all
   * of them, those that did not get there come first.
   */
  static String render(List<BoardResult> results, Room room, Cuts cuts) {
    if (results.isEmpty()) {
      return "";
    }
    var table = new StringBuilder(HEAD);
    boolean whole = results.size() <= room.items();
    List<BoardResult> ordered =
        whole
            ? results
            : results.stream()
                .sorted(Comparator.comparing((BoardResult r) -> r.outcome().reached()))
                .toList();
    int shown = Math.min(results.size(), room.items());
    ordered.subList(0, shown).forEach(r -> row(table, r, room.folds() > 0));
    if (!whole) {
      List<BoardResult> left = ordered.subList(shown, ordered.size());
      cuts.rows += left.size();
      table.append("| and further | ").append(Headline.of(left)).append(" | | | |\n");
    }
    return table.append('\n').toString();
  }

  private static void row(StringBuilder table, BoardResult result, boolean names) {
    table
        .append("| ")
        .append(Markdown.codeCell(result.board().value()))
        .append(" | ")
        .append(sign(result.outcome()))
        .append(' ')
        .append(Headline.outcome(result))
        .append(" | ")
        .append(result.before().map(p -> brief(p, names)).orElse("–"))
        .append(" | ")
        .append(after(result, names))
        .append(" | ")
        .append(result.took().isZero() ? "–" : Words.time(result.took()))
        .append(" |\n");
  }

  private static String after(BoardResult result, boolean names) {
    return result.after().isPresent() && result.after().equals(result.before())
        ? "the same"
        : result.after().map(p -> brief(p, names)).orElse("–");
  }

  private static String brief(StorePath path, boolean name) {
    String hash = path.hash().substring(0, 8);
    return Markdown.codeCell(name ? hash + "-" + path.name() : hash);
  }

  private static String sign(Outcome outcome) {
    return switch (outcome) {
      case DEPLOYED -> "✅";
      case UNCHANGED -> "☑️";
      case ROLLED_BACK -> "↩️";
      case REFUSED, FAILED, IN_DOUBT -> "❌";
      case BUSY, DEFERRED, WAITING -> "⏳";
      case SUPERSEDED, CANCELLED, SKIPPED -> "⏭️";
    };
  }
}
