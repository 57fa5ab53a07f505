package io.github.flakeferry.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flakeferry build}. */
@Command(
    name = "build",
    description =
        "The first of two jobs: builds what the event means, without secrets, and leaves it in a"
            + " folder, unsigned, for `deploy` in another job of the same run.")
final class BuildCommand implements Callable<Integer> {
  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Where to write what was built. Default: the input record.")
  private @Nullable Path record;

  @Option(
      names = "--export",
      paramLabel = "DIR",
      description =
          "A new or empty folder for what was built, which becomes a cache that Nix can read."
              + " Default: the input closure, or the folder closure beside the record.")
  private @Nullable Path export;

  @Override
  public Integer call() {
    var job = new ForgeJob(System.getenv());
    job.warnOfSecrets();
    return job.run(
        Inputs::withoutSecrets,
        run ->
            run.build(
                job.inputs().handedOver(Optional.ofNullable(record), Optional.ofNullable(export))));
  }
}
