package io.github.flakeferry.testbed;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What an action's container finds in its environment of the inputs in {@code action.yml}. */
public final class ActionInputs {
  private static final JsonNode ACTION = new YAMLMapper().readTree(Path.of("action.yml"));

  private ActionInputs() {}

  /** The variable of an input. */
  public static String variable(String input) {
    return "INPUT_" + input.toUpperCase(Locale.ROOT);
  }

  /** Where a workflow gives none: each has its default, or is empty. */
  public static Map<String, String> defaults() {
    var all = new HashMap<String, String>();
    for (var input : ACTION.get("inputs").properties()) {
      all.put(variable(input.getKey()), input.getValue().path("default").asString(""));
    }
    return all;
  }
}
