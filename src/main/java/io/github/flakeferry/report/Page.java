package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.Words;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A run as Markdown, no longer than may be: first logs and changes are shortened, then the table.
 */
final class Page {
  private static final int MOST_LINES = 200;
  private static final int MOST_ROWS = 1000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final RunReport report;
  private final int mostLines;
  private final int mostRows;
  private final StringBuilder out = new StringBuilder();

  private Page(RunReport report, int mostLines, int mostRows) {
    this.report = report;
    this.mostLines = mostLines;
    this.mostRows = mostRows;
  }

  /**
   * Renders a run.
   *
   * @param heading {@code ##} or another level
   * @param longest chars
   */
  static String render(RunReport report, String heading, int longest) {
    int lines = MOST_LINES;
    int rows = MOST_ROWS;
    String page = new Page(report, lines, rows).all(heading);
    while (page.length() > longest && rows > 1) {
      if (lines > 5) {
        lines /= 2;
      } else {
        rows /= 2;
      }
      page = new Page(report, lines, rows).all(heading);
    }
    return page;
  }

  private String all(String heading) {
    out.append(heading).append(' ').append(title()).append("\n\n");
    out.append(facts()).append('\n');
    report.problem().ifPresent(this::problem);
    if (!report.results().isEmpty()) {
      table();
    }
    report.results().stream()
        .filter(r -> !r.message().isBlank())
        .limit(mostRows)
        .forEach(this::says);
    changes();
    warnings();
    return out.toString();
  }

  private String title() {
    String where =
        report.environments().stream().map(Markdown::text).collect(Collectors.joining(", "));
    return "Flakeferry"
        + (where.isEmpty() ? "" : " · " + where)
        + ": "
        + Markdown.text(report.headline());
  }

  private String facts() {
    var facts = new ArrayList<String>();
    report.commit().ifPresent(c -> facts.add("commit `" + c.abbreviated() + "`"));
    // a URI has neither < nor >
    report.runUrl().ifPresent(u -> facts.add("[run](<" + u.toASCIIString() + ">)"));
    facts.add(TIME.format(report.finished().truncatedTo(ChronoUnit.MINUTES)));
    return String.join(" · ", facts) + "\n";
  }

  private void problem(Failure failure) {
    out.append("**").append(Headline.of(failure)).append("**\n\n");
    out.append(Markdown.block("text", first(failure.problem().lines().toList()))).append('\n');
    if (!failure.advice().isBlank()) {
      out.append("What to do:\n\n");
      out.append(Markdown.block("text", failure.advice().lines().toList())).append('\n');
    }
    if (!failure.details().isEmpty()) {
      List<String> last = last(failure.details());
      folded("Last " + Words.count(last.size(), "line"), last);
    }
  }

  private void table() {
    out.append("| board | outcome | system | time |\n|---|---|---|---:|\n");
    report.results().stream().limit(mostRows).forEach(this::row);
    int more = report.results().size() - mostRows;
    if (more > 0) {
      out.append("| and ").append(Words.count(more, "more board")).append(" | | | |\n");
    }
    out.append('\n');
  }

  private void row(BoardResult result) {
    out.append("| ")
        .append(Markdown.codeCell(result.board().value()))
        .append(" | ")
        .append(sign(result.outcome()))
        .append(' ')
        .append(Headline.outcome(result))
        .append(" | ")
        .append(systems(result))
        .append(" | ")
        .append(Words.time(result.took()))
        .append(" |\n");
  }

  private static String systems(BoardResult result) {
    String after = result.after().map(Page::brief).orElse("");
    return result.before().isEmpty() || result.before().equals(result.after())
        ? after
        : brief(result.before().get()) + " → " + (after.isEmpty() ? "?" : after);
  }

  private static String brief(StorePath path) {
    return Markdown.codeCell(path.hash().substring(0, 8) + "-" + path.name());
  }

  // a board that did not get there has its reason in the open
  private void says(BoardResult result) {
    List<String> lines = last(result.message().lines().toList());
    if (result.outcome().reached()) {
      folded("What there is to say about " + Markdown.htmlCode(result.board().value()), lines);
    } else {
      out.append("**")
          .append(Markdown.code(result.board().value()))
          .append(' ')
          .append(Headline.outcome(result))
          .append("**\n\n")
          .append(Markdown.block("text", lines))
          .append('\n');
    }
  }

  // boards of one kind mostly change alike
  private void changes() {
    var alike = new LinkedHashMap<ClosureDifference, List<BoardName>>();
    report
        .changes()
        .forEach((board, d) -> alike.computeIfAbsent(d, k -> new ArrayList<>()).add(board));
    alike.entrySet().stream()
        .filter(e -> !e.getKey().isEmpty())
        .limit(mostRows)
        .forEach(
            e ->
                folded(
                    "What changed on "
                        + e.getValue().stream()
                            .limit(mostRows)
                            .map(b -> Markdown.htmlCode(b.value()))
                            .collect(Collectors.joining(", "))
                        + ": "
                        + ChangesText.inShort(e.getKey()),
                    first(ChangesText.lines(e.getKey()))));
  }

  private void warnings() {
    List<String> shown = first(report.warnings());
    if (!shown.isEmpty()) {
      out.append("**").append(Words.count(report.warnings().size(), "warning")).append("**\n\n");
      shown.forEach(w -> out.append("- ").append(Markdown.text(w)).append('\n'));
      out.append('\n');
    }
  }

  private void folded(String htmlTitle, List<String> lines) {
    out.append("<details><summary>").append(htmlTitle).append("</summary>\n\n");
    out.append(Markdown.block("text", lines));
    out.append("\n</details>\n\n");
  }

  private List<String> first(List<String> lines) {
    if (lines.size() <= mostLines) {
      return shortened(lines);
    }
    var some = new ArrayList<>(lines.subList(0, mostLines));
    some.add("… and " + Words.count(lines.size() - mostLines, "more line"));
    return shortened(some);
  }

  private List<String> last(List<String> lines) {
    return shortened(lines.subList(Math.max(0, lines.size() - mostLines), lines.size()));
  }

  private static List<String> shortened(List<String> lines) {
    return lines.stream().map(l -> Words.shortened(l, 1000)).toList();
  }

  private static String sign(Outcome outcome) {
    return switch (outcome) {
      case DEPLOYED -> "✅";
      case UNCHANGED -> "☑️";
      case ROLLED_BACK -> "↩️";
      case REFUSED, FAILED, IN_DOUBT -> "❌";
      case BUSY, DEFERRED -> "⏳";
      case SUPERSEDED, CANCELLED, SKIPPED -> "⏭️";
    };
  }
}
