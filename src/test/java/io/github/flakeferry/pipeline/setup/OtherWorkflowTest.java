package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.Docs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OtherWorkflowTest {
  private static final List<String> ALL = List.of("production", "field", "preview");
  private static final List<String> NONE = List.of();
  private static final List<String> PRODUCTION = List.of("production");
  private static final List<String> PREVIEW = List.of("preview");

  private static List<String> of(String text) {
    return ALL.stream().filter(OtherWorkflow.parse(text)::deploysTo).toList();
  }

  private static List<String> ofSteps(String steps) {
    return of("on: push\njobs:\n  a:\n    steps: [%s]\n".formatted(steps.replace("`", "'")));
  }

  @Test
  void eachExampleDeploysToWhatItNames() throws IOException {
    var seen = new TreeMap<String, List<String>>();
    try (Stream<Path> files = Files.list(Path.of("src", "examples"))) {
      for (Path file : files.toList()) {
        seen.put(file.getFileName().toString(), of(Files.readString(file)));
      }
    }
    assertThat(seen)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("by-hand.yml", PRODUCTION),
                Map.entry("emulation.yml", PRODUCTION),
                Map.entry("flakeferry.yml", NONE),
                Map.entry("forgejo.yml", ALL),
                Map.entry("fork-preview.yml", PREVIEW),
                Map.entry("matrix.yml", ALL),
                Map.entry("previews.yml", PREVIEW),
                Map.entry("push.yml", PRODUCTION),
                Map.entry("releases.yml", List.of("field")),
                Map.entry("self-hosted.yml", PRODUCTION),
                Map.entry("two-jobs.yml", ALL),
                Map.entry("vpn.yml", PRODUCTION)));
  }

  @Test
  void aStepThatRunsTheImageDeploysToAll() throws IOException {
    Matcher steps =
        Pattern.compile("(?s)```yaml\n(steps:\n  - shell: bash\n.*?docker run.*?)```")
            .matcher(Docs.text(Docs.CI));
    assertThat(steps.find()).isTrue();
    assertThat(of("jobs:\n  a:\n" + steps.group(1).indent(4))).isEqualTo(ALL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ uses: flakeferry/flakeferry@v1, with: { environment: production } } | production",
        "{ uses: Flakeferry/Flakeferry@v1, with: { environment: \"production\" } } | production",
        "{ uses: `docker://ghcr.io/flakeferry/flakeferry:1.2.3` } | production,field,preview",
        "{ uses: flakeferry/flakeferry@v1, with: { environment: `` } } | production,field,preview",
        "{ uses: flakeferry/flakeferry@v1, with: { environment: productions } } | ''",
        "{ uses: flakeferry/flakeferry@v1, env: { FLAKEFERRY_ENVIRONMENT: field } } | field",
        "{ uses: flakeferry/flakeferry@v1, with: { command: plan } } | ''",
        "{ uses: flakeferry/flakeferry@v1, with: { command: build, record: r } } | ''",
        "{ uses: flakeferry/flakeferry@v1, with: { command: deploy, record: r } }"
            + " | production,field,preview",
        "{ uses: flakeferry/flakeferry@v1, with: { environment: field } },"
            + " { uses: flakeferry/flakeferry@v1, with: { environment: preview } } | field,preview",
        "{ uses: flakeferry/other@v1, with: { environment: production } } | ''",
        "{ run: flakeferry run } | production,field,preview",
        "{ run: \"docker run ghcr.io/flakeferry/flakeferry:1.2.3 \\\\\\n run\" }"
            + " | production,field,preview",
        "{ run: flakeferry run, env: { FLAKEFERRY_ENVIRONMENT: field } } | field",
        "{ run: FLAKEFERRY_ENVIRONMENT=field flakeferry run } | field",
        "{ run: `FLAKEFERRY_ENVIRONMENT=\"$IT\" flakeferry run` } | production,field,preview",
        "{ run: flakeferry check } | ''",
        "{ run: docker run flakeferry runs } | ''",
        "{ uses: actions/checkout@v4 } | ''",
      })
  void aStepDeploysToWhatItNamesElseToAll(String steps, String environments) {
    assertThat(String.join(",", ofSteps(steps))).isEqualTo(environments);
  }

  @Test
  void whatNoForgeRunsDeploysNothing() {
    assertThat(of("")).isEmpty();
    assertThat(of("jobs: [flakeferry/flakeferry@v1")).isEmpty();
    assertThat(of("- jobs\n- uses: flakeferry/flakeferry@v1\n")).isEmpty();
  }
}
