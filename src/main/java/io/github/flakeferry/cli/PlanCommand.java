package io.github.flakeferry.cli;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.github.GitHub;
import io.github.flakeferry.pipeline.Plan;
import io.github.flakeferry.pipeline.PlanJson;
import io.github.flakeferry.pipeline.Run;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flakeferry plan}. */
@Command(
    name = "plan",
    description = "Prints what `run` would do for the same event, and touches nothing.")
final class PlanCommand implements Callable<Integer> {
  private final Map<String, String> environment = System.getenv();
  private final PrintStream out = System.out;

  @Option(names = "--json", description = "Prints one line of JSON in place of the table.")
  private boolean json;

  @Override
  public Integer call() {
    Forge forge = GitHub.fromEnvironment(environment, System.err);
    Plan plan = new Run(forge, new Inputs(environment).settings(), Clock.systemUTC()).plan();
    // the same text in JSON, but no command to a runner
    out.println(json ? PlanJson.render(plan).replace("##[", "#\\u0023[") : PlanTable.render(plan));
    return 0;
  }
}
