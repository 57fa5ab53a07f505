package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.model.FailureCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class EvaluatorTest {
  private static final String PATH = "/nix/store/" + "a".repeat(32) + "-system";

  @ParameterizedTest
  @ValueSource(strings = {"derivation", "toplevel", "buildPlatform", "hostPlatform"})
  void aSystemWhoseFieldsAreNoStringsIsNoneThatCanBeBuilt(String field) {
    var json = new JsonMapper();
    for (String value : new String[] {"[]", "{\"a\": {}}", "null", "7"}) {
      ObjectNode found =
          json.createObjectNode()
              .put("derivation", PATH + ".drv")
              .put("toplevel", PATH)
              .put("buildPlatform", "x86_64-linux")
              .put("hostPlatform", "riscv64-linux");
      Evaluator.read("lab", found, f -> Evaluator.system("lab", f));
      found.set(field, json.readTree(value));
      assertThatThrownBy(() -> Evaluator.read("lab", found, f -> Evaluator.system("lab", f)))
          .isInstanceOfSatisfying(
              EvaluationFailed.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.CONFIGURATION))
          .hasMessageContaining("'lab' is not a system that can be built: its " + field);
    }
  }
}
