package io.github.flakeferry.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flakeferry deploy}. */
@Command(
    name = "deploy",
    description =
        "The second of two jobs: checks what `build` left in an earlier job of the same run,"
            + " evaluates again, signs, publishes and deploys, and refuses what does not match.")
final class DeployCommand implements Callable<Integer> {
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

  @Mixin private final Permissions permissions = new Permissions();

  @Override
  public Integer call() {
    var job = new ForgeJob(System.getenv());
    return job.run(
        permissions::settings,
        run ->
            run.deploy(
                job.inputs()
                    .handedOver(Optional.ofNullable(record), Optional.ofNullable(closure))));
  }
}
