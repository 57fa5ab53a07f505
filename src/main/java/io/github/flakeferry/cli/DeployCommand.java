package io.github.flakeferry.cli;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.pipeline.LocalDeploy;
import io.github.flakeferry.report.ProgressJson;
import io.github.flakeferry.report.ResultsTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flakeferry deploy}. */
@Command(
    name = "deploy",
    description =
        "With boards: brings them to the commit that is checked out, as a push of it would. Without"
            + " them, the second of two jobs: checks what `build` left in an earlier job of the same"
            + " run, evaluates again, signs, publishes and deploys, and refuses what does not"
            + " match.")
final class DeployCommand implements Callable<Integer> {
  @Mixin private final LocalOptions local = new LocalOptions();

  @Mixin private final ProgressOptions options = new ProgressOptions();

  @Mixin private final Permissions permissions = new Permissions();

  @Parameters(
      paramLabel = "BOARD",
      completionCandidates = CompletionCommand.Boards.class,
      description = "Names, or selectors over names and tags.")
  private List<String> selectors = List.of();

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "What was built, as `build` wrote it. Default: the input record.")
  private @Nullable Path record;

  @Option(
      names = "--closure",
      paramLabel = "DIR",
      description =
          "The folder with what was built. Default: the input closure, or the folder closure"
              + " beside the record.")
  private @Nullable Path closure;

  @Override
  public Integer call() {
    if (selectors.isEmpty()) {
      return handedOver();
    }
    if (record != null || closure != null) {
      throw new BadInput(
          "BOARD", "what another job built is deployed to the boards that the input boards leaves");
    }
    return options.telling(this::checkedOut);
  }

  private int handedOver() {
    var job = new ForgeJob(System.getenv());
    return job.run(
        permissions::settings,
        run ->
            run.deploy(
                job.inputs()
                    .handedOver(Optional.ofNullable(record), Optional.ofNullable(closure))));
  }

  private int checkedOut(Told told) {
    var settings = permissions.settings(new Inputs(System.getenv()));
    try (var fleet = local.fleet();
        var interrupts = Interrupts.ofThisThread()) {
      var deploy =
          new LocalDeploy(fleet, settings, LocalOptions.owner(System.getenv()), told.progress());
      LocalDeploy.Ended ended = deploy.run(selectors, LocalOptions.login(settings));
      ended.unpublished().map(Failure::told).ifPresent(told.progress()::warn);
      told.result(
          () -> ResultsTable.explained(ended.results(), r -> r.message().lines().count() > 1),
          () -> ProgressJson.results(ended.results(), Instant.now()));
      return interrupts.exitCodeIfInterrupted().orElse(ended.verdict().exitCode());
    }
  }
}
