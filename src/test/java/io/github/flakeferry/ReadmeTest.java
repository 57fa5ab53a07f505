package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The pages say what is so. */
final class ReadmeTest {
  @Test
  void itsFirstPolicyIsOne() {
    Matcher block =
        Pattern.compile("(?s)```yaml\n(caches:.*?)```").matcher(Docs.text(Docs.FIRST_STEPS));
    assertThat(block.find()).isTrue();
    var policy = PolicyReader.read("flakeferry.yml", block.group(1));
    assertThat(policy.boards()).hasSize(1);
    assertThat(policy.boardsOf(policy.environments().getFirst())).hasSize(1);
  }

  @Test
  void itsWholePolicyIsOneAndHasEveryKey() throws IOException {
    String page = Docs.text(Docs.POLICY);
    Matcher block = Pattern.compile("(?s)```yaml\n(cross:.*?)```").matcher(page);
    assertThat(block.find()).isTrue();
    var policy = PolicyReader.read("policy.md", block.group(1));
    assertThat(policy.environments()).hasSize(2);
    JsonNode schema;
    try (var in = PolicyReader.class.getResourceAsStream("flakeferry.schema.json")) {
      schema = new ObjectMapper().readTree(Objects.requireNonNull(in, "the schema"));
    }
    for (String part : List.of("", "cache", "substituter", "board", "environment", "health")) {
      String pointer = part.isEmpty() ? "/properties" : "/definitions/" + part + "/properties";
      for (String key : schema.at(pointer).propertyNames()) {
        assertThat(block.group(1)).as(part).containsPattern("(?m)^[ -]*" + key + ":");
      }
    }
  }

  @Test
  void itListsEveryExitCode() throws IOException {
    String page = Docs.text(Docs.COMMANDS);
    for (FailureReason reason : FailureReason.values()) {
      assertThat(page).contains("| %d | `%s` |".formatted(reason.exitCode(), reason.label()));
    }
  }

  @Test
  void itSaysWhatToDoAboutEachOutcome() {
    String page = Docs.text(Docs.TROUBLESHOOTING);
    for (Outcome outcome : Outcome.values()) {
      if (!outcome.reached()) {
        assertThat(page).containsPattern("(?m)^\\| (`\\S+`, )?`%s`".formatted(outcome.label()));
      }
    }
  }

  static List<Path> pages() throws IOException {
    return Docs.pages();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void itLinksToFilesAndHeadingsThatAreThere(Path page) {
    Matcher links = Pattern.compile("\\]\\(([^):]+)\\)").matcher(Docs.text(page));
    while (links.find()) {
      String[] target = links.group(1).split("#", 2);
      Path file = target[0].isEmpty() ? page : page.resolveSibling(target[0]).normalize();
      assertThat(file).exists();
      if (target.length == 2) {
        assertThat(headings(file)).as(links.group(1)).contains(target[1]);
      }
    }
  }

  // as GitHub names them
  private static List<String> headings(Path page) {
    return Docs.text(page)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }

  @Test
  void everyPageIsReachedFromTheReadme() throws IOException {
    Set<Path> reached = new HashSet<>();
    var open = new ArrayDeque<>(List.of(Docs.README));
    while (!open.isEmpty()) {
      Path page = open.remove();
      if (reached.add(page)) {
        Matcher links =
            Pattern.compile("\\]\\(([^):#]+[.]md)(#[^)]*)?\\)").matcher(Docs.text(page));
        while (links.find()) {
          open.add(page.resolveSibling(links.group(1)).normalize());
        }
      }
    }
    assertThat(reached).containsAll(Docs.pages());
  }
}
