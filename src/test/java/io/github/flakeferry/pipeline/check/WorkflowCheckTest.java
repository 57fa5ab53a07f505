package io.github.flakeferry.pipeline.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

final class WorkflowCheckTest {
  private static final Path EXAMPLES = Path.of("src", "examples");

  @TempDir private Path root;

  private static Policy policy() throws IOException {
    return PolicyReader.read(
        "flakeferry.yml", Files.readString(EXAMPLES.resolve("flakeferry.yml")));
  }

  private List<Finding> look(String folder, String text) throws IOException {
    Path workflows = Files.createDirectories(root.resolve(folder).resolve("workflows"));
    Files.writeString(workflows.resolve("w.yml"), text);
    return new WorkflowCheck(Optional.of(root), policy()).look();
  }

  private static String push() throws IOException {
    return Files.readString(EXAMPLES.resolve("push.yml"));
  }

  @Test
  void theInputsAreThoseOfTheAction() {
    assertThat(WorkflowFile.INPUTS)
        .containsExactlyElementsOf(
            new YAMLMapper().readTree(Path.of("action.yml")).path("inputs").propertyNames());
  }

  @ParameterizedTest
  @ValueSource(strings = {"push.yml", "previews.yml", "releases.yml", "two-jobs.yml", "matrix.yml"})
  void theExamplesAreAsTheyShouldBe(String example) throws IOException {
    assertThat(look(".github", Files.readString(EXAMPLES.resolve(example))))
        .extracting(Finding::state, Finding::message)
        .containsExactly(
            tuple(
                Finding.State.OK,
                ".github/workflows/w.yml gives the action what it takes, and what a run needs"));
  }

  @Test
  void forgesWithoutPermissionsAndEnvironmentsNeedNone() throws IOException {
    assertThat(look(".forgejo", Files.readString(EXAMPLES.resolve("forgejo.yml"))))
        .extracting(Finding::state)
        .containsExactly(Finding.State.OK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ssh-key: | ssh-kay: | WRONG | the action has no input 'ssh-kay'; did you mean 'ssh-key'?",
        "environment: production\\n          ssh | environment: prod\\n          ssh | WRONG"
            + " | the policy has no environment 'prod'",
        "push: { branches | pull_request_target: { branches | WRONG"
            + " | it is started by pull_request_target",
        "contents: read | contents: none | WRONG | the token may not clone the repository",
        "statuses: write, | '' | WARNING | the token lacks statuses: write",
        "permissions: | x-permissions: | WARNING | it names no permissions",
        "'    environment: { name: production, deployment: false }\\n    steps' | '    steps' | WARNING | its secrets are the repository's",
      })
  void whatIsAmissIsToldWithWhatToDo(
      String there, String instead, Finding.State state, String message) throws IOException {
    String before = push();
    String text = before.replace(there.replace("\\n", "\n"), instead.replace("\\n", "\n"));
    assertThat(text).isNotEqualTo(before);
    assertThat(look(".github", text))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.state()).isEqualTo(state);
              assertThat(finding.message()).startsWith(".github/workflows/w.yml: " + message);
              assertThat(finding.advice()).isNotEmpty();
            });
  }

  @Test
  void aRepositoryWithoutSuchAWorkflowIsToldWhereToGetOne() throws IOException {
    assertThat(look(".github", "on: push\njobs: { a: { steps: [{ run: 'true' }] } }\n"))
        .extracting(Finding::state, Finding::message)
        .containsExactly(tuple(Finding.State.WARNING, "no workflow starts Flakeferry"));
  }
}
