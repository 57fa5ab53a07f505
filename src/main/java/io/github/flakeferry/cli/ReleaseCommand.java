package io.github.flakeferry.cli;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.terms.LeaseTerms;
import io.github.flakeferry.pipeline.Release;
import io.github.flakeferry.pipeline.Verdict;
import io.github.flakeferry.report.ProgressJson;
import io.github.flakeferry.report.ResultsTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flakeferry release}. */
@Command(
    name = "release",
    description =
        "Gives boards back that are lent to pull requests: they run their profiles' systems again,"
            + " and are free.")
final class ReleaseCommand implements Callable<Integer> {
  @Mixin private final LocalOptions local = new LocalOptions();

  @Mixin private final ProgressOptions options = new ProgressOptions();

  @Parameters(
      paramLabel = "BOARD",
      completionCandidates = CompletionCommand.Boards.class,
      arity = "1..*",
      description = "Names of boards.")
  private List<String> names = List.of();

  @Option(
      names = "--owner",
      paramLabel = "OWNER/REPO#N",
      description = "Only from this pull request. Default: from whoever has them.")
  private @Nullable String owner;

  @Override
  public Integer call() {
    return options.telling(this::release);
  }

  private int release(Told told) {
    LocalOptions.refuseDryRun(LocalOptions.settings(), "release");
    if (owner != null && !LeaseTerms.isOwner(owner)) {
      throw new BadInput("--owner", "'" + owner + "' is no pull request such as owner/repo#12");
    }
    try (var fleet = local.fleet();
        var boards = local.boards(told.progress());
        var interrupts = Interrupts.ofThisThread()) {
      List<BoardResult> results =
          new Release(fleet, boards, LocalOptions.owner(System.getenv()))
              .run(names, Optional.ofNullable(owner));
      told.result(
          () -> ResultsTable.explained(results, r -> true),
          () -> ProgressJson.results(results, Instant.now()));
      return interrupts
          .exitCodeIfInterrupted()
          .orElse(Verdict.of(results, Optional.empty()).exitCode());
    }
  }
}
