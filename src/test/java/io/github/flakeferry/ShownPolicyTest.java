package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Whatever part of a policy a page shows is one, in a policy that is whole. */
final class ShownPolicyTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");

  /** What else is shown as YAML: workflows, and parts of them. */
  private static final Set<String> OF_WORKFLOWS = Set.of("on", "steps", "env");

  record Part(Path page, String text) {
    @Override
    public String toString() {
      return page + ": " + text.lines().limit(2).toList();
    }
  }

  static List<Part> parts() throws IOException {
    var parts = new ArrayList<Part>();
    for (Path page : Docs.pages()) {
      BLOCK
          .matcher(Docs.text(page))
          .results()
          .map(found -> new Part(page, found.group(1)))
          .filter(part -> !isOfWorkflow(part))
          .forEach(parts::add);
    }
    return parts;
  }

  private static boolean isOfWorkflow(Part part) {
    return YAML.readTree(part.text()).propertyNames().stream().anyMatch(OF_WORKFLOWS::contains);
  }

  @ParameterizedTest
  @MethodSource("parts")
  void itFitsIntoAPolicy(Part part) throws IOException {
    var whole = (ObjectNode) YAML.readTree(Files.readString(Workflows.POLICY));
    merge(whole, (ObjectNode) YAML.readTree(part.text()));
    var policy = PolicyReader.read(part.page().toString(), YAML.writeValueAsString(whole));
    assertThat(policy.environments())
        .allSatisfy(environment -> assertThat(policy.boardsOf(environment)).isNotEmpty());
  }

  @Test
  void theRecipesShowSome() throws IOException {
    var pages = new HashSet<Path>();
    parts().forEach(part -> pages.add(part.page()));
    assertThat(pages).contains(Docs.RECIPES, Docs.FIRST_STEPS, Docs.POLICY);
  }

  private static void merge(ObjectNode into, ObjectNode part) {
    part.forEachEntry(
        (key, value) -> {
          if (into.get(key) instanceof ObjectNode there && value instanceof ObjectNode more) {
            merge(there, more);
          } else {
            into.set(key, value);
          }
        });
  }
}
