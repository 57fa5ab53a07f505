package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.UnitChanges;
import java.util.List;
import java.util.Locale;
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
    Optional.ofNullable(report.changes().get(result.board())).ifPresent(d -> difference(to, d));
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
      units(to.putObject("units"), result.units());
    }
  }

  private static void loan(ObjectNode to, Loan loan) {
    to.put("board", loan.board().value()).put("login", loan.login());
    loan.until().ifPresent(until -> to.put("until", until.toString()));
  }

  private static void units(ObjectNode to, UnitChanges units) {
    names(to, "restarted", units.restarted());
    names(to, "reloaded", units.reloaded());
    names(to, "started", units.started());
    names(to, "stopped", units.stopped());
    names(to, "kept", units.kept());
  }

  private static void names(ObjectNode to, String key, List<String> names) {
    if (!names.isEmpty()) {
      names.forEach(to.putArray(key)::add);
    }
  }

  private static void difference(ObjectNode to, ClosureDifference difference) {
    to.put("oldBytes", difference.oldBytes()).put("newBytes", difference.newBytes());
    ArrayNode changes = to.putArray("changes");
    for (ClosureDifference.Change change : difference.changes()) {
      ObjectNode row =
          changes
              .addObject()
              .put("name", change.name())
              .put("kind", change.kind().name().toLowerCase(Locale.ROOT))
              .put("bytes", change.sizeDelta());
      change.oldVersion().ifPresent(v -> row.put("old", v));
      change.newVersion().ifPresent(v -> row.put("new", v));
      if (difference.isKernel(change)) {
        row.put("kernel", true);
      }
    }
  }
}
