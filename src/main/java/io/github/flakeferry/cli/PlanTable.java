package io.github.flakeferry.cli;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.pipeline.Plan;
import io.github.flakeferry.report.TextTable;
import java.util.List;

/** A plan as a table for people. */
final class PlanTable {
  private static final List<String> HEAD =
      List.of("BOARD", "ENVIRONMENT", "WAVE", "ACTION", "CONFIGURATION", "ADDRESS");

  private PlanTable() {}

  static String render(Plan plan) {
    return switch (plan) {
      case Plan.Nothing(var why) -> "Nothing to do: " + why + ".";
      case Plan.BuildOnly(var source, var configurations, var why) ->
          heading(source) + "\nBuild " + String.join(", ", configurations) + ": " + why + ".";
      case Plan.Deploy(var source, var boards) ->
          heading(source)
              + "\n"
              + table(
                  boards.stream()
                      .map(b -> row(b.board(), b.environment(), b.action().label(), b.wave()))
                      .toList());
      case Plan.Preview(var source, var number, var environment, var candidates) ->
          heading(source)
              + "\nThe first of these that pull request "
              + number
              + " has, else the first that is free:\n"
              + table(candidates.stream().map(b -> row(b, environment, "test", 0)).toList());
      case Plan.GiveBack(var head, var number, var environment, var candidates) ->
          "Of these, the ones that pull request "
              + number
              + " has:\n"
              + table(candidates.stream().map(b -> row(b, environment, "give-back", 0)).toList());
    };
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

  private static String table(List<List<String>> rows) {
    return TextTable.render(HEAD, rows);
  }
}
