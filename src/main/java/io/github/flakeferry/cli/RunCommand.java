package io.github.flakeferry.cli;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.github.GitHub;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.pipeline.Run;
import io.github.flakeferry.pipeline.Settings;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flakeferry run}. */
@Command(
    name = "run",
    description =
        "Does what the event that started this job means: builds, publishes, deploys, reports."
            + " Started as a forge starts an action, by environment variables and event file.")
final class RunCommand implements Callable<Integer> {
  private final Map<String, String> environment = System.getenv();

  @Option(
      names = "--allow-older",
      description = "Also deploys to a board that has a newer commit already.")
  private boolean allowOlder;

  @Option(
      names = "--replace-unknown",
      description = "Also replaces a system that somebody else activated on a board.")
  private boolean replaceUnknown;

  @Override
  public Integer call() {
    Forge forge = GitHub.fromEnvironment(environment, System.out);
    try {
      Settings settings = new Inputs(environment).settings().permitting(allowOlder, replaceUnknown);
      if (settings.login().orElse(null) instanceof SshKey key) {
        forge.mask(key.text());
      }
      settings.signingKey().ifPresent(key -> forge.mask(key.export()));
      settings.pullRequestSigningKey().ifPresent(key -> forge.mask(key.export()));
      settings.cacheCredentials().ifPresent(forge::mask);
      var run = new Run(forge, settings, Clock.systemUTC());
      try (var interrupts = Interrupts.ofThisThread(run::cancel, run::giveUp)) {
        int code = run.run().exitCode();
        return interrupts.exitCodeIfInterrupted().orElse(code);
      }
    } catch (Failure failure) {
      forge.output("outcome", failure.reason().label());
      forge.output("failure-reason", failure.reason().label());
      throw failure;
    }
  }
}
