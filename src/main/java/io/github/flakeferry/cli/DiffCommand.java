package io.github.flakeferry.cli;

import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.pipeline.BoardDiff;
import io.github.flakeferry.pipeline.Diff;
import io.github.flakeferry.pipeline.DiffJson;
import io.github.flakeferry.pipeline.Settings;
import io.github.flakeferry.pipeline.UnitForecast;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flakeferry diff}. */
@Command(
    name = "diff",
    description =
        "Says what the commit that is checked out would change on boards. Its systems are built"
            + " here, unless a cache has them.")
final class DiffCommand implements Callable<Integer> {
  @Mixin private final LocalOptions local = new LocalOptions();

  @Mixin private final DetailOptions detail = new DetailOptions();

  @Parameters(
      paramLabel = "BOARD",
      completionCandidates = CompletionCommand.Boards.class,
      description = "Names, or selectors over names and tags. Default: all boards.")
  private List<String> selectors = List.of();

  @Option(
      names = "--against",
      paramLabel = "COMMIT|PATH",
      description =
          "What to compare with: a branch, tag or commit, or a system in this machine's store."
              + " Default: what the boards run.")
  private @Nullable String against;

  @Option(
      names = "--copy",
      description =
          "Sends boards what they lack of their systems, so that they can tell what would happen to"
              + " their units.")
  private boolean copy;

  @Option(names = "--json", description = "Prints one line of JSON in place of the text.")
  private boolean json;

  @Override
  public Integer call() {
    if (copy && against != null) {
      throw new BadInput("--copy", "with --against no board is asked: leave out one of them");
    }
    Settings settings = LocalOptions.settings();
    if (copy) {
      LocalOptions.refuseDryRun(settings, "diff --copy");
    }
    try (var told = Told.forPeople(detail.detail(), System.getenv());
        var fleet = local.fleet();
        var interrupts = Interrupts.ofThisThread()) {
      var diff = new Diff(fleet, settings, told.progress());
      List<BoardDiff> all =
          against == null
              ? diff.againstBoards(selectors, LocalOptions.login(settings), copy)
              : diff.against(selectors, against);
      told.result(
          json
              ? DiffJson.render(all, diff.commit())
              : NoCommand.text(DiffText.render(all, diff.commit())));
      return interrupts
          .exitCodeIfInterrupted()
          .orElse(Unanswered.exitCode(all.stream().flatMap(DiffCommand::reason)));
    }
  }

  private static Stream<FailureReason> reason(BoardDiff diff) {
    return switch (diff) {
      case BoardDiff.Silent(_, var failure) -> Stream.of(failure.reason());
      case BoardDiff.Known known ->
          known.units() instanceof UnitForecast.Failed(var failure)
              ? Stream.of(failure.reason())
              : Stream.empty();
    };
  }
}
