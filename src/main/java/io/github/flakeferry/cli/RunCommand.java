package io.github.flakeferry.cli;

import io.github.flakeferry.pipeline.Run;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code flakeferry run}. */
@Command(
    name = "run",
    description =
        "Does what the event that started this job means: builds, publishes, deploys, reports."
            + " Started as a forge starts an action, by environment variables and event file.")
final class RunCommand implements Callable<Integer> {
  @Mixin private final Permissions permissions = new Permissions();

  @Override
  public Integer call() {
    return new ForgeJob(System.getenv()).run(permissions::settings, Run::run);
  }
}
