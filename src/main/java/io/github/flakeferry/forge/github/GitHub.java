package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.EventUnreadable;
import io.github.flakeferry.forge.Forge;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** GitHub as a run of its Actions sees it. */
public final class GitHub {
  private GitHub() {}

  /**
   * Reads the event and the run from the variables that GitHub sets for a container action.
   *
   * @param log where the run's log is written: standard output
   * @throws io.github.flakeferry.forge.EventUnreadable if they are not there or make no sense
   */
  public static Forge fromEnvironment(Map<String, String> environment, PrintStream log) {
    if (!environment.containsKey("GITHUB_EVENT_PATH")) {
      throw EventUnreadable.missingVariables(List.of("GITHUB_EVENT_PATH"));
    }
    log.println("not yet");
    throw new UnsupportedOperationException("not yet");
  }
}
