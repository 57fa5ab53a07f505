package io.github.flakeferry.cli;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.RestartParts;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.pipeline.BoardDiff;
import io.github.flakeferry.pipeline.UnitForecast;
import io.github.flakeferry.report.ChangesText;
import io.github.flakeferry.support.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What would change on boards, for people. Boards on which the same changes are told together. */
final class DiffText {
  private static final String INDENT = "\n  ";

  private DiffText() {}

  /** What is the same for boards that are told together. */
  private record Alike(
      StorePath old,
      StorePath now,
      ClosureDifference difference,
      Optional<RestartParts> restart,
      UnitForecast units) {
    static Alike of(BoardDiff.Known diff) {
      return new Alike(diff.old(), diff.now(), diff.difference(), diff.restart(), diff.units());
    }
  }

  /**
   * A paragraph for each kind of change, and then one for each board that did not answer.
   *
   * @param commit whose systems are the new ones
   */
  static String render(List<BoardDiff> all, GitRevision commit) {
    var paragraphs = new ArrayList<String>();
    all.stream()
        .filter(BoardDiff.Known.class::isInstance)
        .map(BoardDiff.Known.class::cast)
        .collect(groupingBy(Alike::of, LinkedHashMap::new, Collectors.toList()))
        .forEach((alike, boards) -> paragraphs.add(paragraph(alike, names(boards), commit)));
    for (BoardDiff diff : all) {
      if (diff instanceof BoardDiff.Silent(var board, var failure)) {
        String what = failure.outcome() == Outcome.DEFERRED ? "offline" : failure.outcome().label();
        paragraphs.add(board.name() + ": " + what + ": " + explained(failure));
      }
    }
    return String.join("\n\n", paragraphs);
  }

  private static String names(List<BoardDiff.Known> boards) {
    return boards.stream().map(diff -> diff.board().name().value()).collect(joining(", "));
  }

  private static String paragraph(Alike alike, String boards, GitRevision commit) {
    String of = "commit %s on %s: ".formatted(commit.abbreviated(), boards);
    var lines = new ArrayList<String>();
    UnitChanges units =
        alike.units() instanceof UnitForecast.Known(var known) ? known : UnitChanges.NONE;
    if (alike.old().equals(alike.now())) {
      lines.add(of + "nothing would change");
      alike.restart().flatMap(DiffText::needed).ifPresent(lines::add);
    } else {
      lines.add(of + ChangesText.inShort(alike.difference(), units));
      lines.add("from " + alike.old());
      lines.add("to " + alike.now());
      alike
          .restart()
          .map(DiffText::needed)
          .orElse(
              Optional.of(
                  "Whether it needs a restart is not known: its flakeferry-board is older than this"
                      + " program."))
          .ifPresent(lines::add);
      lines.addAll(units(alike.units()));
      lines.addAll(ChangesText.lines(alike.difference()));
    }
    return String.join(INDENT, lines);
  }

  private static Optional<String> needed(RestartParts parts) {
    return parts.isNone() ? Optional.empty() : Optional.of(parts.told() + ".");
  }

  private static List<String> units(UnitForecast forecast) {
    return switch (forecast) {
      case UnitForecast.Known(var units) ->
          units.isEmpty() ? List.of("no unit would be touched") : ChangesText.lines(units);
      case UnitForecast.Unknown(var why) -> List.of("units are not known: " + why);
      case UnitForecast.Failed(var failure) ->
          List.of("units are not known: " + explained(failure).replace("\n", INDENT));
    };
  }

  private static String explained(BoardFailure failure) {
    return Words.printable(
        failure.told() + (failure.advice().isEmpty() ? "" : "\n" + failure.advice()));
  }
}
