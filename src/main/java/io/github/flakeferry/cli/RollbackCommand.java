package io.github.flakeferry.cli;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.pipeline.Rollback;
import io.github.flakeferry.pipeline.Verdict;
import io.github.flakeferry.report.ProgressJson;
import io.github.flakeferry.report.ResultsTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flakeferry rollback}. */
@Command(
    name = "rollback",
    description =
        "Brings boards back to a generation that they have had: activated, confirmed and made the"
            + " default as in a deployment, or undone.")
final class RollbackCommand implements Callable<Integer> {
  @Mixin private final LocalOptions local = new LocalOptions();

  @Mixin private final ProgressOptions options = new ProgressOptions();

  @Parameters(
      paramLabel = "BOARD",
      completionCandidates = CompletionCommand.Boards.class,
      arity = "1..*",
      description = "Names of boards.")
  private List<String> names = List.of();

  @Option(
      names = "--to",
      paramLabel = "GENERATION",
      description =
          "The number of the generation, as `status --json` lists them. Default: the one before the"
              + " present one.")
  private @Nullable Integer generation;

  @Option(
      names = "--replace-unknown",
      description = "Also replaces a system that somebody else activated.")
  private boolean replaceUnknown;

  @Override
  public Integer call() {
    return options.telling(this::rollBack);
  }

  private int rollBack(Told told) {
    LocalOptions.refuseDryRun(LocalOptions.settings(), "rollback");
    try (var fleet = local.fleet();
        var boards = local.boards(told.progress());
        var interrupts = Interrupts.ofThisThread()) {
      var rollback =
          new Rollback(
              fleet,
              boards,
              LocalOptions.owner(System.getenv()),
              replaceUnknown || local.replaceUnknown(),
              told.progress());
      List<BoardResult> results =
          rollback.run(
              names, generation == null ? OptionalInt.empty() : OptionalInt.of(generation));
      told.result(
          () -> ResultsTable.explained(results, r -> r.message().lines().count() > 1),
          () -> ProgressJson.results(results, Instant.now()));
      return interrupts
          .exitCodeIfInterrupted()
          .orElse(Verdict.of(results, Optional.empty()).exitCode());
    }
  }
}
