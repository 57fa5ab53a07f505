package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import io.github.flakeferry.testbed.Variation.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each way to be given something bad: the exit code, what is said, and the board left alone. */
final class BadInputIT {
  private static final String MAIN = "refs/heads/main";
  private static Testbed testbed;
  private static TestBoard board;

  private Rehearsal rehearsal;
  private StorePath before;

  @BeforeAll
  static void prepare() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
    board = testbed.startBoard("bad-input");
  }

  @AfterAll
  static void tidy() throws IOException {
    board.close();
    testbed.close();
  }

  @BeforeEach
  void begin() throws IOException {
    rehearsal = Rehearsal.around(board, GitHubOpenApi.judge(), "demo/boards", "main");
    rehearsal.write("flakeferry.yml", rehearsal.policy(""));
    before = board.currentSystem();
  }

  @AfterEach
  void theBoardIsAsItWas() throws IOException {
    rehearsal.close();
    assertThat(board.currentSystem()).isEqualTo(before);
  }

  @Test
  void noFlakeAtThatCommit() throws IOException {
    Files.delete(rehearsal.flake().folder().resolve("flake.nix"));
    expect(push(), 5, "flake.nix");
  }

  @Test
  void aConfigurationThatTheFlakeDoesNotHave() throws IOException {
    rehearsal.write(
        "flakeferry.yml", rehearsal.policy("").replace(rehearsal.configuration(), "board-amd46"));
    expect(push(), 5, "board-amd46", "board-amd64");
  }

  @Test
  void anEvaluationErrorIsNixsOwnMessageShortened() throws IOException {
    rehearsal.flake().change(Variation.FIRST.fault(Fault.DOES_NOT_EVALUATE));
    RehearsedRun run = push();
    expect(run, 5, "helo");
    assertThat(run.logText()).doesNotContain("-source/");
  }

  @Test
  void aConfigurationThatNeedsBuildersOfAnotherPlatform() throws IOException {
    // what nobody has built yet: an output that lies in the store needs no builder
    rehearsal.flake().change(Variation.FIRST.message("Never built: " + UUID.randomUUID()));
    rehearsal.write(
        "flakeferry.yml",
        "cross: off\n" + rehearsal.policy("").replace(rehearsal.configuration(), "unmatched"));
    expect(push(), 5, "riscv64-linux", ".drv", "nixpkgs.buildPlatform", "unmatched-from-x86_64");
  }

  @Test
  void aPolicyWithFaultsIsToldWithAllOfThem() throws IOException {
    rehearsal.write(
        "flakeferry.yml",
        rehearsal
            .policy("")
            .replace("boards: production", "bords: production")
            .replace("tags:", "tag:"));
    RehearsedRun run = push();
    expect(run, 3, "flakeferry.yml:", "bords", "boards", "tags");
  }

  @Test
  void aRepositoryWithoutAPolicy() throws IOException {
    Files.delete(rehearsal.flake().folder().resolve("flakeferry.yml"));
    expect(push(), 3, "flakeferry.yml", "main");
  }

  @Test
  void anEventFileThatIsMissingOrNotJson() throws IOException {
    GitRevision commit = rehearsal.push("Say hello", MAIN);
    Path payload = rehearsal.pushPayload(commit, MAIN);
    var environment = rehearsal.environment("push", payload);
    Files.writeString(payload, "{\"ref\": \"refs/heads/main\",\n  oops");
    expect(RehearsedRun.of(BuiltProgram.words("run"), environment), 2, "line 2", "JSON");
    Files.delete(payload);
    expect(RehearsedRun.of(BuiltProgram.words("run"), environment), 2, payload.toString());
  }

  @Test
  void aPushThatDeletesTheBranchMeansNothing() throws IOException {
    GitRevision commit = rehearsal.push("Say hello", MAIN);
    Path payload = rehearsal.pushPayload(commit, "refs/heads/topic");
    Files.writeString(
        payload,
        Files.readString(payload)
            .replace("\"deleted\": false", "\"deleted\": true")
            .replace("\"after\": \"" + commit, "\"after\": \"" + "0".repeat(40))
            .replace("{\"id\": \"" + commit + "\"}", "null"));
    RehearsedRun run = run(payload, Map.of());
    expect(run, 0, "topic was deleted");
    assertThat(run.output("outcome")).isEqualTo("nothing-to-do");
  }

  @Test
  void aCommitThatWasForcePushedAway() throws IOException {
    var gone = new GitRevision("0123456789abcdef0123456789abcdef01234567");
    rehearsal.push("Say hello", MAIN);
    expect(run(rehearsal.pushPayload(gone, MAIN), Map.of()), 4, gone.value(), "force push");
  }

  @Test
  void aWrongTokenIsNeverShown() throws IOException {
    GitRevision commit = rehearsal.push("Say hello", MAIN);
    RehearsedRun run =
        run(
            rehearsal.pushPayload(commit, MAIN),
            Map.of("INPUT_GITHUB-TOKEN", "ghs_wrongwrongwrong"));
    expect(run, 4, "token");
    assertThat(run.logText().replace("::add-mask::ghs_wrongwrongwrong", ""))
        .doesNotContain("ghs_wrongwrongwrong");
  }

  @Test
  void aMalformedSigningKeyIsNeverShown() throws IOException {
    GitRevision commit = rehearsal.push("Say hello", MAIN);
    RehearsedRun run =
        run(rehearsal.pushPayload(commit, MAIN), Map.of("INPUT_SIGNING-KEY", "cache-1:c2VjcmV0"));
    expect(run, 2, "signing-key");
    assertThat(run.logText()).doesNotContain("c2VjcmV0");
  }

  @Test
  void aSigningKeyThatIsNotTheDeclaredOne() throws IOException {
    GitRevision commit = rehearsal.push("Say hello", MAIN);
    String other = io.github.flakeferry.model.SigningKey.generate("demo-cache-1").export().reveal();
    expect(
        run(rehearsal.pushPayload(commit, MAIN), Map.of("INPUT_SIGNING-KEY", other)),
        7,
        "demo-cache-1");
  }

  @Test
  void aBoardThatIsOfflineIsDeferred() throws IOException {
    board.linkDown();
    try {
      RehearsedRun run = push();
      expect(run, 0, "deferred");
      assertThat(run.output("outcome")).isEqualTo("deferred");
    } finally {
      board.linkUp();
    }
  }

  @Test
  void anotherHostKeyThanThePinnedOne() throws IOException {
    String pinned = rehearsal.board().address().hostKeys().getFirst().toString();
    Path other = rehearsal.folder().resolve("other");
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", other.toString())
        .run()
        .orThrow();
    String wrong = Files.readString(Path.of(other + ".pub")).strip();
    rehearsal.write("flakeferry.yml", rehearsal.policy("").replace(pinned, wrong));
    GitRevision commit = rehearsal.push("Pin another key", MAIN);
    RehearsedRun run = run(rehearsal.pushPayload(commit, MAIN), Map.of());
    expect(
        run,
        11,
        board.address().hostKeys().getFirst().fingerprint(),
        io.github.flakeferry.model.HostKey.parse(wrong).fingerprint());
    assertThat(rehearsal.github().statuses(commit))
        .last()
        .extracting(Status::state)
        .isEqualTo("failure");
  }

  private RehearsedRun push() throws IOException {
    return run(rehearsal.pushPayload(rehearsal.push("Something bad", MAIN), MAIN), Map.of());
  }

  private RehearsedRun run(Path payload, Map<String, String> changed) throws IOException {
    var environment = new HashMap<>(rehearsal.environment("push", payload));
    environment.putAll(changed);
    return RehearsedRun.of(BuiltProgram.words("run"), environment);
  }

  private static void expect(RehearsedRun run, int exitCode, String... said) {
    assertThat(run.exitCode()).as(run.logText()).isEqualTo(exitCode);
    assertThat(run.logText()).contains(said);
    assertThat(run.logText()).doesNotContain("\tat ", "Exception");
  }
}
