package io.github.flakeferry.cli;

import io.github.flakeferry.pipeline.BoardStatus;
import io.github.flakeferry.pipeline.Status;
import io.github.flakeferry.pipeline.StatusJson;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flakeferry status}. */
@Command(
    name = "status",
    description =
        "Asks boards what they run, and says how far that is from the branch that deploys to them.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private final LocalOptions local = new LocalOptions();

  @Parameters(
      paramLabel = "BOARD",
      completionCandidates = CompletionCommand.Boards.class,
      description = "Names, or selectors over names and tags. Default: all boards.")
  private List<String> selectors = List.of();

  @Option(names = "--json", description = "Prints one line of JSON in place of the table.")
  private boolean json;

  @Override
  public Integer call() {
    try (var told = Told.briefly(System.getenv());
        var fleet = local.fleet();
        var boards = local.boards(told.progress())) {
      List<BoardStatus> all = new Status(fleet, boards).ask(selectors);
      Instant now = Instant.now();
      told.result(json ? StatusJson.render(all, now) : StatusTable.render(all, now));
      return exitCode(all);
    }
  }

  private static int exitCode(List<BoardStatus> all) {
    return Unanswered.exitCode(
        all.stream()
            .flatMap(
                s ->
                    s instanceof BoardStatus.Silent(_, var failure)
                        ? Stream.of(failure.reason())
                        : Stream.empty()));
  }
}
