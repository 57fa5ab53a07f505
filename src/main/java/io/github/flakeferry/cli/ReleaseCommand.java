package io.github.flakeferry.cli;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.terms.LeaseTerms;
import io.github.flakeferry.pipeline.Release;
import io.github.flakeferry.pipeline.Verdict;
import io.github.flakeferry.report.PlainProgress;
import io.github.flakeferry.report.ResultsTable;
import io.github.flakeferry.support.Words;
import java.io.PrintStream;
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
  private final PrintStream out = System.out;

  @Mixin private final LocalOptions local = new LocalOptions();

  @Parameters(paramLabel = "BOARD", arity = "1..*", description = "Names of boards.")
  private List<String> names = List.of();

  @Option(
      names = "--owner",
      paramLabel = "OWNER/REPO#N",
      description = "Only from this pull request. Default: from whoever has them.")
  private @Nullable String owner;

  @Override
  public Integer call() {
    if (owner != null && !LeaseTerms.isOwner(owner)) {
      throw new BadInput("--owner", "'" + owner + "' is no pull request such as owner/repo#12");
    }
    var progress = new PlainProgress(System.err);
    try (var fleet = local.fleet();
        var boards = local.boards(progress);
        var interrupts = Interrupts.ofThisThread()) {
      List<BoardResult> results =
          new Release(fleet, boards, LocalOptions.owner(System.getenv()))
              .run(names, Optional.ofNullable(owner));
      out.println(ResultsTable.render(results));
      results.forEach(r -> out.println("\n" + r.board() + ": " + Words.printable(r.message())));
      return interrupts
          .exitCodeIfInterrupted()
          .orElse(Verdict.of(results, Optional.empty()).exitCode());
    }
  }
}
