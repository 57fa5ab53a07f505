package io.github.flakeferry.cli;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.pipeline.Matrix;
import io.github.flakeferry.pipeline.MatrixJson;
import io.github.flakeferry.pipeline.Plan;
import io.github.flakeferry.pipeline.PlanJson;
import io.github.flakeferry.pipeline.Run;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flakeferry plan}. */
@Command(
    name = "plan",
    description = "Prints what `run` would do for the same event, and touches nothing.")
final class PlanCommand implements Callable<Integer> {
  private final Map<String, String> environment = System.getenv();
  private final PrintStream out = System.out;

  @ArgGroup private final Form form = new Form();

  /** At most one of them. */
  private static final class Form {
    @Option(names = "--json", description = "Prints one line of JSON in place of the table.")
    private boolean json;

    @Option(
        names = "--matrix",
        description =
            "Prints a matrix for GitHub, a job for each group of boards, and sets the output"
                + " matrix.")
    private boolean matrix;
  }

  @Override
  public Integer call() {
    Forge forge = Forges.fromEnvironment(environment, System.err);
    Plan plan = new Run(forge, new Inputs(environment).withoutSecrets(), Clock.systemUTC()).plan();
    forge.output("plan", PlanJson.render(plan));
    Optional<String> matrix = matrix(plan, forge);
    matrix.ifPresent(json -> forge.output("matrix", json));
    out.println(
        form.matrix
            ? NoCommand.json(matrix.orElseThrow())
            : form.json ? NoCommand.json(PlanJson.render(plan)) : PlanTable.render(plan));
    return 0;
  }

  /** A plan that is too large for one is still a plan. */
  private Optional<String> matrix(Plan plan, Forge forge) {
    try {
      return Optional.of(MatrixJson.render(Matrix.of(plan)));
    } catch (Failure failure) {
      if (form.matrix) {
        throw failure;
      }
      forge.log().warn("the output matrix is not set: " + failure.told());
      return Optional.empty();
    }
  }
}
