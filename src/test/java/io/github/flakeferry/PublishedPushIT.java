package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.PublishedDescriptions;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One of GitHub's published push payloads, with no more changed in it than the commit and the URLs,
 * brings a cross-compiled system to a board of another architecture.
 */
final class PublishedPushIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String BRANCH = "refs/heads/master";

  @Test
  void theCrossCompiledProgramRunsOnARiscvBoard() throws IOException {
    try (var testbed = Testbed.prepare(Progress.SILENT)) {
      assertThat(testbed.canEmulate(new SystemPlatform("riscv64-linux"))).isTrue();
      try (var board = testbed.startBoard("unmatched-1", TestBoard.Kind.RISCV64);
          var rehearsal =
              Rehearsal.around(board, GitHubOpenApi.judge(), "Codertocat/Hello-World", "master")) {
        rehearsal.write("flakeferry.yml", rehearsal.policy(""));
        GitRevision commit = rehearsal.push("Say hello", BRANCH);

        RehearsedRun run =
            RehearsedRun.of(
                BuiltProgram.words("run"),
                rehearsal.environment("push", payload(rehearsal, commit)));

        assertThat(run.exitCode()).as(run.logText()).isZero();
        StorePath system = StorePath.parse(run.output("store-paths"));
        assertThat(system.name()).contains("unmatched");
        assertThat(board.currentSystem()).isEqualTo(system);
        assertThat(board.profileSystem()).isEqualTo(system);
        assertThat(board.run("uname -m").orThrow().output().strip()).isEqualTo("riscv64");
        assertThat(board.run("/run/current-system/sw/bin/hello").orThrow().output().strip())
            .isEqualTo(Variation.FIRST.message());
        assertThat(rehearsal.github().statuses(commit))
            .last()
            .satisfies(
                status -> {
                  assertThat(status.state()).isEqualTo("success");
                  assertThat(status.context()).isEqualTo("flakeferry/production");
                })
            .extracting(Status::commit)
            .isEqualTo(commit);
      }
    }
  }

  /** The first published push to a branch that was not deleted. */
  private static Path payload(Rehearsal rehearsal, GitRevision commit) throws IOException {
    for (JsonNode event : JSON.readTree(PublishedDescriptions.webhookExamples().toFile())) {
      if (event.path("name").asString("").equals("push")) {
        for (JsonNode example : event.path("examples")) {
          if (example.path("ref").asString("").equals(BRANCH)
              && !example.path("deleted").asBoolean(true)) {
            String published = example.path("after").asString("");
            return Files.writeString(
                rehearsal.folder().resolve("published-push.json"),
                JSON.writeValueAsString(example)
                    .replace(published, commit.value())
                    .replace("https://github.com", rehearsal.github().serverUrl().toString()));
          }
        }
      }
    }
    throw new AssertionError("no such payload is published");
  }
}
