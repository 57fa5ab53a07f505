package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.support.Words;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A run as Markdown, no longer than may be. Boards of one kind mostly fare alike, so what is the
 * same for several is told once.
 */
final class Page {
  private static final int MOST_NAMES = 10;
  private static final int LONGEST_WORDS = 300;
  private static final int LONGEST_URL = 2000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final RunReport report;
  private final Room room;
  private final Cuts cuts = new Cuts();
  private final StringBuilder out = new StringBuilder();
  private int folds;

  private Page(RunReport report, Room room) {
    this.report = report;
    this.room = room;
  }

  /**
   * Renders a run.
   *
   * @param heading {@code ##} or another level
   * @param longest chars
   */
  static String render(RunReport report, String heading, int longest) {
    return Room.fit(longest, room -> new Page(report, room).all(heading));
  }

  private String all(String heading) {
    out.append(heading).append(' ').append(title()).append("\n\n");
    out.append(facts()).append("\n\n");
    sentence();
    report.problem().ifPresent(this::problem);
    out.append(BoardsTable.render(report.results(), room, cuts));
    report.loan().ifPresent(this::loan);
    reasons();
    notices();
    changes();
    notes();
    warnings();
    return out.append(cuts.note()).toString();
  }

  private String title() {
    String where =
        named(report.environments(), name -> Markdown.text(Words.shortened(name, LONGEST_WORDS)));
    return "Flakeferry"
        + (where.isEmpty() ? "" : " · " + where)
        + ": "
        + Markdown.text(Words.shortened(headline(0), LONGEST_WORDS));
  }

  /** What a headline such as "nothing to do: the tag v1 …" says after its colon. */
  private void sentence() {
    String why = headline(1);
    if (!why.isEmpty()) {
      String whole = why.substring(0, 1).toUpperCase(Locale.ROOT) + why.substring(1) + ".";
      out.append(Markdown.text(Words.shortened(whole, LONGEST_WORDS))).append("\n\n");
    }
  }

  private String headline(int part) {
    String[] parts = Words.printableLine(report.headline()).split(": ", 2);
    return part < parts.length ? parts[part].strip() : "";
  }

  private String facts() {
    var facts = new ArrayList<String>();
    report.commit().ifPresent(c -> facts.add("commit `" + c.abbreviated() + "`"));
    // a URI has neither < nor >
    report
        .runUrl()
        .map(URI::toASCIIString)
        .filter(url -> url.length() <= LONGEST_URL)
        .ifPresent(url -> facts.add("[run](<" + url + ">)"));
    facts.add(time(report.finished()));
    return String.join(" · ", facts);
  }

  private static String time(Instant time) {
    return TIME.format(time.truncatedTo(ChronoUnit.MINUTES));
  }

  private void problem(Failure failure) {
    out.append("**")
        .append(Headline.of(failure))
        .append("** ")
        .append(link(failure.code()))
        .append("\n\n");
    open(failure.problem().lines().toList());
    if (!failure.advice().isBlank()) {
      out.append("What to do:\n\n");
      open(failure.advice().lines().toList());
    }
    if (!failure.details().isEmpty()) {
      folded("The last lines of its log", () -> room.log(failure.details(), cuts));
    }
  }

  private void loan(Loan loan) {
    out.append("**Try it** on ")
        .append(Markdown.code(loan.board().value()))
        .append(", which is this pull request's until ")
        .append(loan.until().map(until -> time(until) + " or until ").orElse(""))
        .append("it is closed. A restart of the board ends the preview, too.\n\n")
        .append(Markdown.block("sh", List.of(loan.login())))
        .append('\n');
  }

  /** Why boards did not get there; in the open, with what each said last below it. */
  private void reasons() {
    record Reason(String outcome, Optional<FailureCode> code, List<String> lines) {}
    var alike =
        alike(
            report.results().stream().filter(r -> !r.outcome().reached()).toList(),
            r -> new Reason(Headline.outcome(r), r.code(), Message.of(r).reason()));
    cuts.reasons += Math.max(0, alike.size() - room.items());
    alike.entrySet().stream()
        .limit(room.items())
        .forEach(
            e -> {
              out.append("**")
                  .append(named(e.getValue(), r -> Markdown.code(r.board().value())))
                  .append(' ')
                  .append(e.getKey().outcome())
                  .append("**")
                  .append(e.getKey().code().map(code -> " " + link(code)).orElse(""))
                  .append("\n\n");
              if (!e.getKey().lines().isEmpty()) {
                open(e.getKey().lines());
              }
              e.getValue().forEach(this::lastWords);
            });
  }

  private void lastWords(BoardResult result) {
    List<String> log = Message.of(result).log();
    if (!log.isEmpty()) {
      folded(
          "What " + Markdown.htmlCode(result.board().value()) + " said last",
          () -> room.log(log, cuts));
    }
  }

  /** What people should know of boards that got there: that one needs a restart, and the like. */
  private void notices() {
    var alike =
        alike(
            report.results().stream().filter(r -> r.outcome().reached()).toList(),
            r -> Message.of(r).notices());
    alike.remove(List.<String>of());
    cuts.reasons += Math.max(0, alike.size() - room.items());
    alike.entrySet().stream()
        .limit(room.items())
        .forEach(
            e -> {
              out.append(named(e.getValue(), r -> Markdown.code(r.board().value())))
                  .append(":\n\n");
              open(e.getKey());
            });
    report.results().stream().filter(r -> r.outcome().reached()).forEach(this::lastWords);
  }

  private void changes() {
    record Changed(ClosureDifference difference, UnitChanges units, boolean done) {}
    var alike = new LinkedHashMap<Changed, List<BoardResult>>();
    for (BoardResult result : report.results()) {
      boolean done = result.outcome().reached();
      Optional.ofNullable(report.changes().get(result.board()))
          .filter(difference -> !difference.isEmpty())
          .map(d -> new Changed(d, done ? result.units() : UnitChanges.NONE, done))
          .ifPresent(c -> alike.computeIfAbsent(c, key -> new ArrayList<>()).add(result));
    }
    alike.forEach(
        (changed, boards) ->
            folded(
                (changed.done() ? "What changed on " : "What would have changed on ")
                    + named(boards, r -> Markdown.htmlCode(r.board().value()))
                    + ": "
                    + ChangesText.inShort(changed.difference(), changed.units()),
                () -> {
                  var lines = new ArrayList<>(ChangesText.lines(changed.units()));
                  lines.addAll(ChangesText.lines(changed.difference()));
                  return room.list(lines, cuts);
                }));
  }

  /** Why nothing was done, or what is meant by deployed, where that is not plain. */
  private void notes() {
    var alike =
        alike(
            report.results().stream()
                .filter(r -> r.outcome().reached())
                .filter(r -> r.outcome() == Outcome.UNCHANGED || r.action() == BoardAction.BOOT)
                .toList(),
            r -> Message.of(r).first());
    alike.remove("");
    if (!alike.isEmpty()) {
      folded(
          "Notes",
          () ->
              room.list(
                  alike.entrySet().stream()
                      .map(e -> named(e.getValue(), r -> r.board().value()) + ": " + e.getKey())
                      .toList(),
                  cuts));
    }
  }

  private void warnings() {
    List<String> warnings = report.warnings().stream().distinct().toList();
    if (!warnings.isEmpty()) {
      out.append("**").append(Words.count(warnings.size(), "warning")).append("**\n\n");
      cuts.warnings += Math.max(0, warnings.size() - room.items());
      warnings.stream()
          .limit(room.items())
          .map(w -> Markdown.text(Words.shortened(w, LONGEST_WORDS)))
          .forEach(w -> out.append("- ").append(w).append('\n'));
      out.append('\n');
    }
  }

  private static String link(FailureCode code) {
    return "([" + code.label() + "](" + code.page() + "))";
  }

  private void open(List<String> lines) {
    out.append(Markdown.block("text", room.reason(lines, cuts))).append('\n');
  }

  private void folded(String htmlTitle, Supplier<List<String>> lines) {
    if (folds >= room.folds()) {
      cuts.folds++;
      return;
    }
    folds++;
    out.append("<details><summary>").append(htmlTitle).append("</summary>\n\n");
    out.append(Markdown.block("text", lines.get()));
    out.append("\n</details>\n\n");
  }

  private static <K> Map<K, List<BoardResult>> alike(
      List<BoardResult> results, Function<BoardResult, K> by) {
    return results.stream()
        .collect(Collectors.groupingBy(by, LinkedHashMap::new, Collectors.toList()));
  }

  private static <T> String named(List<T> things, Function<T, String> name) {
    String names = things.stream().limit(MOST_NAMES).map(name).collect(Collectors.joining(", "));
    return things.size() <= MOST_NAMES
        ? names
        : names + " and " + (things.size() - MOST_NAMES) + " more";
  }
}
