package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.pipeline.AtOnce;
import io.github.flakeferry.support.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What all checks saw, in their order. */
public record Findings(List<Finding> all) {
  private static final JsonMapper JSON = new JsonMapper();

  public Findings {
    all = List.copyOf(all);
  }

  /** Lets all look, at once, also when one can't; what is wrong with several is told once. */
  public static Findings of(List<Check> checks) {
    var all = new ArrayList<Finding>();
    for (List<Finding> some :
        AtOnce.each(checks, Math.max(1, checks.size()), Findings::seenBy, Findings::seenBy)) {
      for (Finding finding : some) {
        if (finding.state() != Finding.State.WRONG
            || all.stream().noneMatch(told -> told.message().equals(finding.message()))) {
          all.add(finding);
        }
      }
    }
    return new Findings(all);
  }

  private static List<Finding> seenBy(Check check) {
    try {
      return check.look();
    } catch (Failure failure) {
      return List.of(Finding.wrong(check.name(), failure));
    }
  }

  /** 0 when nothing is wrong, else what a run would end with by the first that is. */
  public int exitCode() {
    return all.stream()
        .map(Finding::code)
        .flatMap(Optional::stream)
        .findFirst()
        .map(code -> code.reason().exitCode())
        .orElse(0);
  }

  /** For people: a line for each, and one for what to do, whatever the names in them hold. */
  public String text() {
    var text = new StringBuilder();
    for (Finding finding : all) {
      text.append(
          "%-7s  %-8s  %s\n"
              .formatted(
                  finding.state().label(), finding.check(), Words.printableLine(finding.told())));
      if (!finding.advice().isEmpty()) {
        text.append(" ".repeat(19)).append(Words.printableLine(finding.advice())).append('\n');
      }
    }
    return text.toString();
  }

  /** For programs: one line, an array of objects. */
  public String json() {
    ArrayNode array = JSON.createArrayNode();
    for (Finding finding : all) {
      ObjectNode object =
          array
              .addObject()
              .put("check", finding.check())
              .put("state", finding.state().label())
              .put("message", finding.message());
      if (!finding.advice().isEmpty()) {
        object.put("advice", finding.advice());
      }
      finding
          .code()
          .ifPresent(code -> object.put("code", code.label()).put("reason", code.reason().label()));
    }
    return JSON.writeValueAsString(array);
  }
}
