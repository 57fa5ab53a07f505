package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.source.HostileRepository;
import io.github.flakeferry.source.HostileRepository.Entry;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.ActionContainer;
import io.github.flakeferry.testbed.ActionImage;
import io.github.flakeferry.testbed.ActionInputs;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.GitHubStandIn;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What the project's own workflow has the action do, by the workflow's own inputs. */
final class OwnWorkflowIT {
  private static final String MAIN = "refs/heads/main";

  private static final List<Path> COMMITTED =
      List.of(
          Path.of(".github"),
          Path.of("src", "main", "resources", "io", "github", "flakeferry", "testbed", "flake"));

  private static Testbed testbed;
  private static ActionContainer action;

  @TempDir private Path folder;
  private HostileRepository repository;
  private GitHubStandIn github;
  private GitRevision commit;
  private int runs;

  @BeforeAll
  static void build() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
    var image = ActionImage.prepare(testbed.folder());
    action = new ActionContainer(image.podman(), image.name());
  }

  @AfterAll
  static void tidy() {
    testbed.close();
  }

  @BeforeEach
  void push() throws IOException {
    repository = new HostileRepository(folder.resolve("owner/boards.git"));
    commit = repository.push(MAIN, committed());
    github = GitHubStandIn.start(folder, new Secret("ghs_own"), GitHubOpenApi.judge());
  }

  @AfterEach
  void stop() {
    github.close();
    repository.close();
  }

  private static Map<String, Entry> committed() throws IOException {
    var files = new TreeMap<String, Entry>();
    for (Path root : COMMITTED) {
      try (Stream<Path> all = Files.walk(root)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          files.put(file.toString(), Entry.text(Files.readString(file)));
        }
      }
    }
    return files;
  }

  @Test
  void aPushIsBuilt() throws IOException {
    assertBuilt("push", AttackedRun.push(MAIN, commit), "[\"main\"]");
  }

  @Test
  void aTagIsBuilt() throws IOException {
    repository.point("refs/tags/v1", commit);
    assertBuilt("push", AttackedRun.push("refs/tags/v1", commit), "[\"release\"]");
  }

  @Test
  void aPullRequestIsBuilt() throws IOException {
    repository.point("refs/pull/7/head", commit);
    assertBuilt("pull_request", AttackedRun.pullRequest("opened", 7, commit), "[\"preview\"]");
  }

  @Test
  void aForksPullRequestIsBuiltAndNoMore() throws IOException {
    repository.point("refs/pull/7/head", commit);
    ObjectNode payload = AttackedRun.pullRequest("opened", 7, commit);
    ((ObjectNode) payload.at("/pull_request/head/repo")).put("id", 2).put("fork", true);
    assertBuilt("pull_request", payload, "[]");
  }

  private void assertBuilt(String event, ObjectNode payload, String environments)
      throws IOException {
    RehearsedRun run = run(event, payload);

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(run.output("outcome")).isEqualTo("success");
    assertThat(StorePath.parse(run.output("store-paths")).name()).startsWith("nixos-system-demo");
    assertThat(Files.size(workspace().resolve(inputs().path("record").asString()))).isPositive();
    assertTheNextStepAgrees(run, environments);
  }

  /** What the step after it makes of the outputs, but for the expression that GitHub evaluates. */
  private void assertTheNextStepAgrees(RehearsedRun run, String environments) throws IOException {
    JsonNode next = step(2);
    assertThat(next.at("/env/ENVIRONMENTS").asString()).contains("'" + environments + "'");
    Finished done =
        Command.of("bash", "-e", "-c", next.path("run").asString())
            .in(workspace())
            .with("OUTCOME", run.output("outcome"))
            .with("STORE_PATHS", run.output("store-paths"))
            .with("MATRIX", run.output("matrix"))
            .with("ENVIRONMENTS", environments)
            .run();
    assertThat(done.exit().succeeded()).as(done.output() + done.lastErrorLines()).isTrue();
  }

  private Path workspace() {
    return folder.resolve("run-" + runs).resolve("github_workspace");
  }

  private RehearsedRun run(String event, ObjectNode payload) throws IOException {
    Path file = Files.writeString(folder.resolve("event-" + ++runs + ".json"), payload.toString());
    var all = ActionInputs.defaults();
    all.putAll(github.runEnvironment(event, file, folder.resolve("run-" + runs)));
    for (var input : inputs().properties()) {
      all.put(ActionInputs.variable(input.getKey()), input.getValue().asString());
    }
    // the image's own settings, but nobody answers here
    all.put("NIX_CONFIG", "substituters =");
    return action.run(all);
  }

  private static JsonNode inputs() {
    return step(1).path("with");
  }

  private static JsonNode step(int number) {
    JsonNode workflow = new YAMLMapper().readTree(Path.of(".github", "workflows", "action.yml"));
    return workflow.at("/jobs/build/steps/" + number);
  }
}
