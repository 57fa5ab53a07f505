package io.github.flakeferry.cli;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.nix.quarters.Doors;
import io.github.flakeferry.pipeline.Run;
import io.github.flakeferry.pipeline.Settings;
import io.github.flakeferry.pipeline.Verdict;
import io.github.flakeferry.support.progress.Heartbeat;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A job that a forge started: what failed before the run could report it is still reported. */
final class ForgeJob {
  private final Forge forge;
  private final Inputs inputs;
  private final Map<String, String> environment;

  ForgeJob(Map<String, String> environment) {
    this(environment, System.out);
  }

  ForgeJob(Map<String, String> environment, PrintStream log) {
    this.environment = Map.copyOf(environment);
    this.forge = Forges.fromEnvironment(environment, log);
    this.inputs = new Inputs(environment);
  }

  /**
   * Does the work and returns the exit code.
   *
   * @throws Failure what hindered it from being reported otherwise
   */
  int run(Function<Inputs, Settings> settings, Function<Run, Verdict> work) {
    try {
      Settings given = settings.apply(inputs);
      mask(given);
      // at once: what comes next may wait for the network
      forge.log().note(Version.text() + " for " + forge.run().repository().fullName());
      var run = new Run(forge, given, Clock.systemUTC());
      try (var _ = Heartbeat.of(forge.log(), Heartbeat.EVERY);
          var _ = Doors.shut(environment, forge.log());
          var interrupts = Interrupts.ofThisThread(run::cancel, run::giveUp)) {
        int code = work.apply(run).exitCode();
        return interrupts.exitCodeIfInterrupted().orElse(code);
      }
    } catch (RuntimeException e) {
      FailureCode code = ErrorText.of(e).code();
      forge.output("outcome", code.reason().label());
      forge.output("failure-reason", code.reason().label());
      forge.output("failure-code", code.label());
      throw e;
    }
  }

  private void mask(Settings settings) {
    if (settings.login().orElse(null) instanceof SshKey key) {
      forge.mask(key.text());
      key.passphrase().ifPresent(forge::mask);
    }
    settings.signingKey().ifPresent(key -> forge.mask(key.export()));
    settings.pullRequestSigningKey().ifPresent(key -> forge.mask(key.export()));
    settings.cacheCredentials().ifPresent(logins -> logins.secrets().forEach(forge::mask));
    // a cache in S3 is opened by what AWS's own tools are given
    Stream.of("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        .flatMap(name -> Optional.ofNullable(environment.get(name)).stream())
        .filter(value -> !value.isBlank())
        .map(Secret::new)
        .forEach(forge::mask);
  }

  /** Says that this job was given what it has no use for. */
  void warnOfSecrets() {
    var given = inputs.secretsGiven();
    if (!given.isEmpty()) {
      forge
          .log()
          .warn(
              "this job needs no secrets, and was given %s: leave them to the job that deploys"
                  .formatted(String.join(", ", given)));
    }
  }

  Inputs inputs() {
    return inputs;
  }
}
