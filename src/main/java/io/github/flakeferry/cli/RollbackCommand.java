package io.github.flakeferry.cli;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.pipeline.Rollback;
import io.github.flakeferry.pipeline.Verdict;
import io.github.flakeferry.report.PlainProgress;
import io.github.flakeferry.report.ResultsTable;
import io.github.flakeferry.support.Words;
import java.io.PrintStream;
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
  private final PrintStream out = System.out;

  @Mixin private final LocalOptions local = new LocalOptions();

  @Parameters(paramLabel = "BOARD", arity = "1..*", description = "Names of boards.")
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
    var progress = new PlainProgress(System.err);
    try (var fleet = local.fleet();
        var boards = local.boards(progress);
        var interrupts = Interrupts.ofThisThread()) {
      var rollback =
          new Rollback(
              fleet,
              boards,
              LocalOptions.owner(System.getenv()),
              replaceUnknown || local.replaceUnknown(),
              progress);
      List<BoardResult> results =
          rollback.run(
              names, generation == null ? OptionalInt.empty() : OptionalInt.of(generation));
      out.println(ResultsTable.render(results));
      results.stream()
          .filter(r -> r.message().lines().count() > 1)
          .forEach(r -> out.println("\n" + r.board() + ": " + Words.printable(r.message())));
      return interrupts
          .exitCodeIfInterrupted()
          .orElse(Verdict.of(results, Optional.empty()).exitCode());
    }
  }
}
