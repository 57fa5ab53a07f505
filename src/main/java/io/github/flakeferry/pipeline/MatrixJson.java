package io.github.flakeferry.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A matrix for {@code strategy.matrix: ${{ fromJSON(…) }}} (GitHub docs, "Running variations of
 * jobs in a workflow").
 */
public final class MatrixJson {
  // all outputs of a job together may have 1 MB, and GitHub counts in UTF-16; the plan is one too
  private static final int LONGEST = 400_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private MatrixJson() {}

  /**
   * One line of JSON, {@code {"include":[…]}}: each group with {@code environment}, {@code wave}
   * (from 0), {@code configuration}, {@code action}, and {@code boards}, a selector for the input
   * of that name.
   *
   * @throws Refused if it is more than GitHub takes
   */
  public static String render(Matrix matrix) {
    String json =
        JSON.writeValueAsString(
            Map.of("include", matrix.groups().stream().map(MatrixJson::row).toList()));
    if (json.length() > LONGEST) {
      throw Refused.tooLargeForAMatrix(
          matrix.groups().stream().map(Matrix.Group::boards).mapToInt(List::size).sum());
    }
    return json;
  }

  private static Map<String, Object> row(Matrix.Group group) {
    var row = new LinkedHashMap<String, Object>();
    row.put("environment", group.environment());
    row.put("wave", group.wave());
    row.put("configuration", String.join(", ", group.configurations()));
    row.put("action", group.action());
    row.put("boards", group.selector().toString());
    return row;
  }
}
