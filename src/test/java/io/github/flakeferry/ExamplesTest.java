package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.Emulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The example workflows fit the action, the policy beside them, and what the pages say. */
final class ExamplesTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String FROM_MATRIX = "${{ matrix.environment }}";
  private static final String FORGEJO = "forgejo.yml";

  private final JsonNode action = YAML.readTree(Path.of("action.yml"));

  static List<Path> examples() throws IOException {
    return Workflows.examples();
  }

  @Test
  void thePagesShowTheSameAndLinkThemAll() throws IOException {
    String recipes = Docs.text(Docs.RECIPES);
    List<String> blocks = Workflows.shown();
    var shown = new HashSet<String>();
    for (Path example : Workflows.examples()) {
      assertThat(recipes).contains(link(example));
      String text = Files.readString(example);
      blocks.stream().filter(text::endsWith).forEach(shown::add);
    }
    assertThat(shown).isNotEmpty().containsAll(blocks);
    assertThat(recipes).contains(link(Workflows.POLICY));
  }

  private static String link(Path file) {
    return "](" + Docs.RECIPES.getParent().relativize(file) + ")";
  }

  @ParameterizedTest
  @MethodSource("examples")
  void itsInputsEnvironmentsAndPermissionsAreThere(Path example) throws IOException {
    Set<String> environments = environments();
    String pages = Docs.everything();
    JsonNode workflow = YAML.readTree(example);
    int steps = 0;
    for (JsonNode job : workflow.path("jobs")) {
      JsonNode permissions =
          job.has("permissions") ? job.get("permissions") : workflow.path("permissions");
      permissions.forEachEntry(
          (scope, level) -> assertThat(pages).contains("`" + scope + ": " + level.asString()));
      for (JsonNode step : job.path("steps")) {
        if (step.path("uses").asString("").contains("flakeferry/flakeferry@")) {
          JsonNode with = step.path("with");
          assertThat(action.path("inputs").propertyNames()).containsAll(with.propertyNames());
          String environment = with.path("environment").asString(FROM_MATRIX);
          assertThat(environment).matches(e -> e.equals(FROM_MATRIX) || environments.contains(e));
          steps++;
        }
      }
    }
    assertThat(steps).isPositive();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void itsSecretsLieInAnEnvironment(Path example) throws IOException {
    assertThat(Files.readString(example).replaceAll("\n# ", " "))
        .contains("restricted to the default branch and protected tags");
    boolean secrets = false;
    for (JsonNode job : YAML.readTree(example).path("jobs")) {
      boolean has = job.toString().contains("secrets.");
      secrets |= has;
      if (has && !example.endsWith(FORGEJO)) {
        String environment = job.at("/environment/name").asString("");
        assertThat(environment).isNotEmpty();
        // else GitHub makes a Deployment of its own, a success wherever the job is one
        assertThat(job.at("/environment/deployment")).isEqualTo(YAML.readTree("false"));
        boolean preview = environment.equals("preview");
        assertThat(job.toString().contains("secrets.BOARDS_SSH_KEY")).isEqualTo(!preview);
      }
      for (JsonNode output : job.path("outputs")) {
        assertThat(output.asString()).isEqualTo("${{ steps.ferry.outputs.matrix }}");
      }
    }
    assertThat(secrets).isTrue();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void noRunIsDroppedThatWaitsForAnother(Path example) throws IOException {
    JsonNode workflow = YAML.readTree(example);
    if (workflow.has("concurrency")) {
      assertThat(workflow.at("/concurrency/queue").asString("")).isEqualTo("max");
    }
  }

  @Test
  void theStepThatBringsEmulatorsIsTheOneThatIsAdvised() throws IOException {
    JsonNode steps =
        YAML.readTree(Workflows.EXAMPLES.resolve("emulation.yml")).at("/jobs/ferry/steps");
    String step = "`- uses: " + steps.path(0).path("uses").asString() + "`";
    assertThat(Emulation.advice(new SystemPlatform("riscv64-linux"))).contains(step);
    assertThat(Docs.text(Docs.BOARDS)).contains(step);
  }

  private static Set<String> environments() throws IOException {
    var policy = PolicyReader.read(Workflows.POLICY.toString(), Files.readString(Workflows.POLICY));
    for (EnvironmentPolicy environment : policy.environments()) {
      assertThat(policy.boardsOf(environment)).isNotEmpty();
    }
    return policy.environments().stream().map(e -> e.name()).collect(Collectors.toSet());
  }
}
