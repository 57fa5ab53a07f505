package io.github.flakeferry.cli;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.pipeline.Plan;
import io.github.flakeferry.report.TextTable;
import io.github.flakeferry.support.Words;
import java.util.List;
import java.util.stream.Stream;

/** A plan as a table for people. */
final class PlanTable {
  private static final List<String> HEAD =
      List.of("BOARD", "ENVIRONMENT", "WAVE", "ACTION", "CONFIGURATION", "ADDRESS");

  private PlanTable() {}

  static String render(Plan plan) {
    return switch (plan) {
      case Plan.Nothing(var why) -> "Nothing to do: " + told(why) + ".";
      case Plan.BuildOnly(var source, var configurations, var _, var why) ->
          heading(source) + "\nBuild " + String.join(", ", configurations) + ": " + told(why) + ".";
      case Plan.Deploy(var source, var boards, var _, var _) ->
          heading(source)
              + "\n"
              + table(
                  boards.stream()
                      .map(b -> row(b.board(), b.environment(), b.action().label(), b.wave()))
                      .toList());
      case Plan.Preview(var source, var number, var pools) ->
          heading(source)
              + "\nOf each environment the first that pull request "
              + number
              + " has, else the first that is free:\n"
              + table(rows(pools, "test"));
      case Plan.GiveBack(var head, var number, var pools) ->
          "Of these, the ones that pull request "
              + number
              + " has:\n"
              + table(rows(pools, "give-back"));
      case Plan.Sweep(var source, var pools, var boards, var released) ->
          heading(source)
              + "\nThe ones that are lent to pull requests which are over, and those that missed"
              + " this commit or what was released:\n"
              + table(
                  Stream.concat(
                          rows(pools, "give-back").stream(),
                          Stream.concat(boards.stream(), released.stream())
                              .map(
                                  b ->
                                      row(
                                          b.board(),
                                          b.environment(),
                                          b.action().label(),
                                          b.wave())))
                      .toList());
    };
  }

  // may quote a label
  private static String told(String why) {
    return NoCommand.text(Words.printableLine(why));
  }

  private static String heading(Plan.Content source) {
    return "Commit " + source.commit() + " of " + source.ref();
  }

  private static List<String> row(
      BoardPolicy board, EnvironmentPolicy environment, String action, int wave) {
    return List.of(
        board.name().value(),
        environment.name(),
        String.valueOf(wave + 1),
        action,
        board.configuration(),
        board.address().toString());
  }

  private static List<List<String>> rows(List<Plan.Pool> pools, String action) {
    return pools.stream()
        .flatMap(p -> p.boards().stream().map(b -> row(b, p.environment(), action, 0)))
        .toList();
  }

  private static String table(List<List<String>> rows) {
    return TextTable.render(HEAD, rows);
  }
}
