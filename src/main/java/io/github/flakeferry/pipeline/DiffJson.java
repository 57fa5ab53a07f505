package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.report.ChangesJson;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What would change on boards, for programs: {@code flakeferry diff --json}. */
public final class DiffJson {
  private static final JsonMapper JSON = new JsonMapper();

  private DiffJson() {}

  /**
   * One line: the commit and {@code boards}, each with what is known; what is not known is left
   * out.
   *
   * @param commit whose systems are the new ones
   */
  public static String render(List<BoardDiff> all, GitRevision commit) {
    ObjectNode root = JSON.createObjectNode().put("commit", commit.value());
    ArrayNode boards = root.putArray("boards");
    for (BoardDiff diff : all) {
      ObjectNode row = boards.addObject().put("board", diff.board().name().value());
      switch (diff) {
        case BoardDiff.Silent(_, var failure) ->
            UnansweredJson.put(row.put("reachable", false), failure);
        case BoardDiff.Known known -> known(row, known);
      }
    }
    return JSON.writeValueAsString(root);
  }

  private static void known(ObjectNode row, BoardDiff.Known diff) {
    row.put("old", diff.old().toString()).put("new", diff.now().toString());
    row.put("unchanged", diff.isUnchanged());
    ChangesJson.difference(row, diff.difference());
    diff.restart().ifPresent(parts -> parts.names().forEach(row.putArray("restart")::add));
    switch (diff.units()) {
      case UnitForecast.Known(var units) -> ChangesJson.units(row.putObject("units"), units);
      case UnitForecast.Unknown(var why) -> row.put("unitsUnknown", why);
      case UnitForecast.Failed(var failure) ->
          UnansweredJson.put(row.putObject("unitsFailed"), failure);
    }
  }
}
