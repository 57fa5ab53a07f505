package io.github.flakeferry.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The pull requests that the stand-in for GitHub knows, as whole as they were given to it. */
final class GitHubPulls {
  private final Map<Long, JsonNode> pulls = new TreeMap<>();

  synchronized void put(JsonNode pull) {
    pulls.put(pull.path("number").asLong(), pull);
  }

  synchronized Optional<JsonNode> find(long number) {
    return Optional.ofNullable(pulls.get(number));
  }

  /** The oldest first. */
  synchronized List<JsonNode> open() {
    var open = new ArrayList<JsonNode>();
    for (JsonNode pull : pulls.values()) {
      if (pull.path("state").asString("").equals("open")) {
        open.add(pull);
      }
    }
    return open;
  }
}
