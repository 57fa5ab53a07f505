package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.support.http.Http;
import io.github.flakeferry.support.http.Patience;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** GitHub as a run of its Actions sees it; Gitea and Forgejo set the same variables. */
public final class GitHub {
  /** What all waits for GitHub together may add to a run. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private GitHub() {}

  /**
   * Reads the event and the run from the variables that GitHub sets for a container action. What is
   * reported later goes by REST, where there is a token, one request after another.
   *
   * @param log where the run's log is written: standard output
   * @throws io.github.flakeferry.forge.EventUnreadable if they are not there or make no sense
   */
  public static Forge fromEnvironment(Map<String, String> environment, PrintStream log) {
    return fromEnvironment(
        environment, log, Patience.of(PATIENCE), InstantSource.system(), new Http());
  }

  static Forge fromEnvironment(
      Map<String, String> environment,
      PrintStream log,
      Patience patience,
      InstantSource clock,
      Http http) {
    var variables = new Variables(environment);
    var workflowLog = new WorkflowLog(log, clock);
    var token = variables.token();
    token.ifPresent(workflowLog::mask);
    var event = Events.read(variables);
    var run = variables.run(event.repository());
    var losses = new Losses(workflowLog, clock);
    var api =
        variables.api().flatMap(url -> token.map(secret -> new Api(url, secret, http, patience)));
    var reporter = new Reporter(api, run, losses);
    return new GitHubRun(
        event,
        run,
        token,
        workflowLog,
        workflowLog,
        new Queries(api, run, workflowLog),
        reporter,
        losses,
        new RunFiles(variables, workflowLog));
  }
}
