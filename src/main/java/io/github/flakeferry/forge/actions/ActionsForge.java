package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.http.Http;
import io.github.flakeferry.support.http.Patience;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A forge as a run of its Actions sees it. */
public final class ActionsForge {
  /** What all waits for answers together may add to a run. */
  private static final Duration QUESTIONS = Duration.ofSeconds(60);

  /** The same for reports, for which no run waits but at its end. */
  private static final Duration REPORTS = Duration.ofMinutes(15);

  private ActionsForge() {}

  /**
   * Reads the event and the run from the variables that the runner sets for a container action.
   * What is reported later goes by REST, where there is a token, one request after another and a
   * second apart.
   *
   * @param log where the run's log is written: standard output
   * @throws io.github.flakeferry.forge.EventUnreadable if they are not there or make no sense
   */
  public static Forge fromEnvironment(
      Map<String, String> environment, PrintStream log, Dialect dialect) {
    var naps = new Naps();
    return fromEnvironment(environment, log, dialect, Manners.good(naps), new Http(), naps::end);
  }

  /**
   * The same with a clock and a client of its own.
   *
   * @param hurry has all waits end, and no further one begin
   */
  public static Forge fromEnvironment(
      Map<String, String> environment,
      PrintStream log,
      Dialect dialect,
      Manners manners,
      Http http,
      Runnable hurry) {
    var variables = new Variables(environment);
    var workflowLog = new WorkflowLog(log, manners.clock());
    var token = variables.token();
    token.ifPresent(workflowLog::mask);
    var event = Events.read(variables, dialect);
    var run = variables.run(event.repository(), dialect);
    var losses = new Losses(workflowLog, dialect);
    var questions = api(variables, token, dialect, http, QUESTIONS, manners);
    var answers = api(variables, token, dialect, http, REPORTS, manners);
    return new ActionsRun(
        event,
        Events.before(variables),
        run,
        token,
        workflowLog,
        workflowLog,
        new Queries(questions, run, workflowLog, dialect),
        new Reports(answers, run, losses, dialect, manners.clock()),
        losses,
        new RunFiles(variables, workflowLog),
        dialect.name(),
        hurry);
  }

  private static Optional<Api> api(
      Variables variables,
      Optional<Secret> token,
      Dialect dialect,
      Http http,
      Duration waits,
      Manners manners) {
    return variables
        .api()
        .flatMap(
            url ->
                token.map(
                    secret ->
                        new Api(
                            url,
                            secret,
                            dialect,
                            http,
                            new Patience(waits, manners.clock(), manners.sleeper()),
                            manners)));
  }
}
