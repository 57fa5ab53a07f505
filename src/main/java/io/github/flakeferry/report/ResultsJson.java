package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardResult;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run as JSON on one line, for programs: the action's {@code results} output. What is not known
 * is left out.
 */
public final class ResultsJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ResultsJson() {}

  public static String render(RunReport report) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode environments = root.putArray("environments");
    report.environments().forEach(environments::add);
    report.commit().ifPresent(c -> root.put("commit", c.value()));
    report.runUrl().ifPresent(u -> root.put("run", u.toString()));
    root.put("finished", report.finished().toString());
    ArrayNode boards = root.putArray("boards");
    report.results().forEach(r -> board(boards.addObject(), r, report));
    report.loan().ifPresent(l -> loan(root.putObject("loan"), l));
    ArrayNode warnings = root.putArray("warnings");
    report.warnings().forEach(warnings::add);
    report
        .problem()
        .ifPresent(
            p ->
                root.putObject("failure")
                    .put("code", p.code().label())
                    .put("reason", p.reason().label())
                    .put("message", p.problem())
                    .put("advice", p.advice()));
    return JSON.writeValueAsString(root);
  }

  private static void board(ObjectNode to, BoardResult result, RunReport report) {
    board(to, result);
    Optional.ofNullable(report.changes().get(result.board()))
        .ifPresent(d -> ChangesJson.difference(to, d));
  }

  static void board(ObjectNode to, BoardResult result) {
    to.put("board", result.board().value())
        .put("action", result.action().label())
        .put("outcome", result.outcome().label().replace(' ', '-'));
    result.code().ifPresent(code -> to.put("code", code.label()));
    result.before().ifPresent(p -> to.put("before", p.toString()));
    result.after().ifPresent(p -> to.put("after", p.toString()));
    to.put("seconds", result.took().toMillis() / 1000.0)
        .put("sentBytes", result.sentBytes())
        .put("message", result.message());
    if (!result.units().isEmpty()) {
      ChangesJson.units(to.putObject("units"), result.units());
    }
  }

  private static void loan(ObjectNode to, Loan loan) {
    to.put("board", loan.board().value()).put("login", loan.login());
    loan.until().ifPresent(until -> to.put("until", until.toString()));
  }
}
