package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.Docs;
import io.github.flakeferry.pipeline.setup.OtherWorkflow.Deploys;
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
    return ALL.stream()
        .filter(name -> OtherWorkflow.parse(text).deploysTo(name) != Deploys.NOT)
        .toList();
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
    assertThat(of("on: push\njobs:\n  a:\n" + steps.group(1).indent(4))).isEqualTo(ALL);
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
        "{ run: flakeferry deploy unmatched-1 } | production,field,preview",
        "{ run: flakeferry deploy --record r, env: { FLAKEFERRY_ENVIRONMENT: field } } | field",
        "{ run: flakeferry deployed } | ''",
        "{ run: flakeferry check } | ''",
        "{ run: docker run flakeferry runs } | ''",
        "{ uses: actions/checkout@v4 } | ''",
      })
  void aStepDeploysToWhatItNamesElseToAll(String steps, String environments) {
    assertThat(String.join(",", ofSteps(steps))).isEqualTo(environments);
  }

  private static Deploys deploys(String text) {
    return OtherWorkflow.parse(text).deploysTo("production");
  }

  @Test
  void itIsSureOnlyOfAnEnvironmentThatIsNamed() {
    String text = "on: push\n%sjobs: { a: { %ssteps: [{ run: %sflakeferry run }] } }\n";
    assertThat(deploys(text.formatted("", "", ""))).isEqualTo(Deploys.MAYBE);
    assertThat(deploys(text.formatted("", "", "FLAKEFERRY_ENVIRONMENT=$IT ")))
        .isEqualTo(Deploys.MAYBE);
    assertThat(deploys(text.formatted("", "", "FLAKEFERRY_ENVIRONMENT=production ")))
        .isEqualTo(Deploys.SURELY);
  }

  @Test
  void aStepDeploysToWhatItsJobOrItsWorkflowNames() {
    String text = "on: push\n%sjobs: { a: { %ssteps: [{ uses: flakeferry/flakeferry@v1 }] } }\n";
    String staging = "env: { FLAKEFERRY_ENVIRONMENT: staging }";
    String production = "env: { FLAKEFERRY_ENVIRONMENT: production }";
    assertThat(deploys(text.formatted("", staging + ", "))).isEqualTo(Deploys.NOT);
    assertThat(deploys(text.formatted(staging + "\n", ""))).isEqualTo(Deploys.NOT);
    assertThat(deploys(text.formatted(staging + "\n", production + ", ")))
        .isEqualTo(Deploys.SURELY);
    assertThat(deploys(text.formatted(production + "\n", ""))).isEqualTo(Deploys.SURELY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "push | SURELY",
        "[pull_request, push] | SURELY",
        "{ pull_request: { types: [closed] }, release: } | SURELY",
        "{ schedule: [{ cron: 17 * * * * }] } | SURELY",
        "workflow_dispatch | SURELY",
        "workflow_call | SURELY",
        "pull_request | NOT",
        "[pull_request, issue_comment] | NOT",
        "{ pull_request: { branches: [push] } } | NOT",
      })
  void onlySomeEventsBringWhatIsPushed(String on, Deploys deploys) {
    assertThat(
            deploys(
                "on: %s\njobs: { a: { steps: [{ run: FLAKEFERRY_ENVIRONMENT=production flakeferry run }] } }\n"
                    .formatted(on)))
        .isEqualTo(deploys);
  }

  @Test
  void whatNoForgeRunsDeploysNothing() {
    assertThat(of("")).isEmpty();
    assertThat(of("jobs: { a: { steps: [{ run: flakeferry run }] } }\n")).isEmpty();
    assertThat(of("jobs: [flakeferry/flakeferry@v1")).isEmpty();
    assertThat(of("- jobs\n- uses: flakeferry/flakeferry@v1\n")).isEmpty();
  }
}
