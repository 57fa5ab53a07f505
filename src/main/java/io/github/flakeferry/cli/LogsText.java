package io.github.flakeferry.cli;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.board.PastRun;
import io.github.flakeferry.board.RunLog;
import io.github.flakeferry.report.TextTable;
import io.github.flakeferry.support.Words;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A board's log for people: which ones there are, and below them the one that was asked for. */
final class LogsText {
  private static final List<String> HEADS =
      List.of("", "RUN", "BEGUN", "ACTION", "STATE", "COMMIT", "BY");
  private static final int SHORT = 8;

  private LogsText() {}

  static String render(RunLog log) {
    String table =
        TextTable.render(
            HEADS,
            IntStream.range(0, log.kept().size())
                .mapToObj(i -> row(i + 1, log.kept().get(i), log.run()))
                .toList());
    String reason = Words.printableLine(log.run().reason());
    return table
        + (reason.isEmpty() ? "" : "\n" + Words.printableLine(log.run().state()) + ": " + reason)
        + "\n\n"
        + lines(log.lines(), "nothing was logged")
        + log.journal().map(j -> "\n\n" + lines(j, "the journal has nothing of that")).orElse("");
  }

  private static List<String> row(int number, PastRun run, PastRun chosen) {
    return Stream.of(
            (run.equals(chosen) ? "*" : "") + number,
            run.token(),
            run.begun().toString(),
            run.action(),
            run.state().isEmpty() ? "preparing" : run.state(),
            run.commit().isEmpty()
                ? "unknown"
                : run.commit().substring(0, Math.min(SHORT, run.commit().length())),
            run.owner())
        .map(Words::printableLine)
        .toList();
  }

  private static String lines(List<String> lines, String otherwise) {
    return lines.isEmpty()
        ? otherwise
        : lines.stream().map(Words::printable).collect(joining("\n"));
  }
}
