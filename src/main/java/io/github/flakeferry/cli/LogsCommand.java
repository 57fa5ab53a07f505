package io.github.flakeferry.cli;

import io.github.flakeferry.board.RunLog;
import io.github.flakeferry.pipeline.Logs;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flakeferry logs}. */
@Command(
    name = "logs",
    description =
        "Prints what a board keeps of its last deployments: what the supervisor and the activation"
            + " wrote.")
final class LogsCommand implements Callable<Integer> {
  private static final int MOST_LINES = 10_000;

  @Mixin private final LocalOptions local = new LocalOptions();

  @Parameters(
      paramLabel = "BOARD",
      completionCandidates = CompletionCommand.Boards.class,
      description = "The name of a board.")
  private String board = "";

  @Option(
      names = "--deployment",
      paramLabel = "N|RUN",
      defaultValue = "1",
      description = "Which one: its number, 1 for the last, or its run. Default: the last.")
  private String deployment = "";

  @Option(
      names = "--lines",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many of the last lines. Default: ${DEFAULT-VALUE}.")
  private int lines;

  @Option(
      names = "--journal",
      paramLabel = "UNITS",
      description =
          "Also systemd's journal from the deployment's begin to its end: of the units that failed"
              + " (failed), or of all.")
  private @Nullable String journal;

  @Override
  public Integer call() {
    if (lines < 1 || lines > MOST_LINES) {
      throw new BadInput("--lines", "it is no number from 1 to " + MOST_LINES);
    }
    var wanted = new RunLog.Wanted(deployment, lines, units());
    try (var told = Told.briefly(System.getenv());
        var fleet = local.fleet();
        var boards = local.boards(told.progress())) {
      told.result(NoCommand.text(LogsText.render(new Logs(fleet, boards).of(board, wanted))));
      return 0;
    }
  }

  private Optional<RunLog.Units> units() {
    return Optional.ofNullable(journal)
        .map(
            text ->
                Arrays.stream(RunLog.Units.values())
                    .filter(units -> units.label().equals(text))
                    .findFirst()
                    .orElseThrow(
                        () -> new BadInput("--journal", "it is neither `failed` nor `all`")));
  }
}
