package io.github.flakeferry.cli.demo;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run's {@code results} output says of the packages that changed. */
final class DemoChanges {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private DemoChanges() {}

  /** A line for each package whose version changed. */
  static List<String> lines(String results) {
    var lines = new ArrayList<String>();
    if (results.isEmpty()) {
      return lines;
    }
    for (JsonNode board : JSON.readTree(results).path("boards")) {
      for (JsonNode change : board.path("changes")) {
        if (change.has("old")
            && change.has("new")
            && !change.path("old").equals(change.path("new"))) {
          lines.add(
              "%s: %s %s → %s"
                  .formatted(
                      board.path("board").asString(""),
                      change.path("name").asString(""),
                      change.path("old").asString(""),
                      change.path("new").asString("")));
        }
      }
    }
    return lines;
  }
}
