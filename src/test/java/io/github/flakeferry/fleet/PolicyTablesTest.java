package io.github.flakeferry.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

final class PolicyTablesTest {
  @Test
  void thePageSaysWhatTheSchemaSays() throws IOException {
    String page = Files.readString(PolicyTables.PAGE);

    assertThat(PolicyTables.renewed(page, PolicyTables.ofSchema().text()))
        .as("`mvn test-compile exec:exec@policy` writes it anew")
        .isEqualTo(page);
  }

  @Test
  void aKeyIsARow() {
    var schema =
        new ObjectMapper()
            .readTree(
                """
                {"required": ["boards"],
                 "properties": {
                   "boards": {"description": "A 'selector'.", "$ref": "#/definitions/selector"},
                   "parallel": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3},
                   "cross": {"description": "Whether.", "enum": ["auto", "off"], "default": "auto"},
                   "gc": {
                     "description": "never: not at all. always: each time. Default: what it was.",
                     "enum": ["never", "always"]},
                   "waves": {"type": "array", "items": {"$ref": "#/definitions/selector"}}},
                 "definitions": {"selector": {"type": "string", "examples": ["a | b"]}}}
                """);

    assertThat(new PolicyTables(schema).text())
        .contains(
            """
            | `boards` | A `selector`. Such as `a \\| b`. | required |
            | `parallel` | 1 to 9. | `3` |
            | `cross` | Whether. One of `auto`, `off`. | `auto` |
            | `gc` | `never`: not at all. `always`: each time. | what it was |
            | `waves` | A list, such as `a \\| b`. |  |
            """);
  }
}
