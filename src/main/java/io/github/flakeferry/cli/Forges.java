package io.github.flakeferry.cli;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.actions.ActionsForge;
import io.github.flakeferry.forge.actions.Dialect;
import io.github.flakeferry.forge.gitea.Gitea;
import io.github.flakeferry.forge.github.GitHub;
import java.io.PrintStream;
import java.util.Map;

/** Which forge started this run. */
final class Forges {
  private Forges() {}

  /**
   * Reads the event and the run from the variables that the forge's runner sets.
   *
   * @param log where the run's log is written
   * @throws io.github.flakeferry.forge.EventUnreadable if they are not there or make no sense
   */
  static Forge fromEnvironment(Map<String, String> environment, PrintStream log) {
    return ActionsForge.fromEnvironment(environment, log, dialect(environment));
  }

  private static Dialect dialect(Map<String, String> environment) {
    return Gitea.of(environment).<Dialect>map(gitea -> gitea).orElseGet(GitHub::new);
  }
}
