package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.GitHubCheckRun;
import io.github.flakeferry.testbed.GitHubDeployment;
import io.github.flakeferry.testbed.GitHubStandIn.Request;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.GiteaTypes;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.StandInFor;
import io.github.flakeferry.testbed.Variation;
import io.github.flakeferry.testbed.Variation.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The main job from the event to the board, each on a board of its own. */
final class MainJobIT extends JobIT {
  /** What the statuses of a push say that reaches the board, one after another. */
  private static final List<String> TOLD =
      List.of(
          "flakeferry/production pending",
          "flakeferry/production/main-job pending",
          "flakeferry/production/main-job success",
          "flakeferry/production success");

  @Test
  void aPushReachesTheBoardAndASecondRunChangesNothing() throws IOException {
    StorePath base = board.currentSystem();
    GitRevision commit = rehearsal.push("Say hello", MAIN);

    RehearsedRun run = runPush(commit);

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(run.output("outcome")).isEqualTo("success");
    assertThat(run.output("failure-reason")).isEmpty();
    StorePath system = StorePath.parse(run.output("store-paths"));
    assertThat(system).isNotEqualTo(base);
    assertThat(board.currentSystem()).isEqualTo(system);
    assertThat(board.profileSystem()).isEqualTo(system);
    assertThat(hello()).isEqualTo(Variation.FIRST.message());
    assertThat(rehearsal.github().statuses(commit))
        .extracting(s -> s.context() + " " + s.state())
        .containsExactlyElementsOf(TOLD);
    assertThat(rehearsal.github().deployments())
        .extracting(GitHubDeployment::environment, GitHubDeployment::states)
        .containsExactly(tuple("production", List.of("queued", "in_progress", "success")));
    assertThat(rehearsal.github().checkRuns(commit))
        .extracting(GitHubCheckRun::conclusion)
        .containsExactly(Optional.of("success"));
    assertThat(run.summary()).contains("main-job", "deployed");
    assertThat(rehearsal.folder().resolve("cache").resolve(system.hash() + ".narinfo"))
        .content()
        .contains("StorePath: " + system, "Sig: demo-cache-1:");

    RehearsedRun again = runPush(commit);

    assertThat(again.exitCode()).as(again.logText()).isZero();
    assertThat(again.output("outcome")).isEqualTo("unchanged");
  }

  @Test
  void aSmallChangeDeploysAgainAndTheSummarySaysWhatChanged() throws IOException {
    runPush(rehearsal.push("Say hello", MAIN));
    rehearsal
        .flake()
        .change(Variation.FIRST.version("1.1").message("Hello again").kernel("6.12.2"));

    RehearsedRun run = runPush(rehearsal.push("Change the greeting", MAIN));

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(hello()).isEqualTo("Hello again");
    assertThat(run.output("results")).contains("\"old\":\"1.0\"", "\"new\":\"1.1\"");
    assertThat(run.summary())
        .contains(
            "hello: 1.0 → 1.1",
            "linux (kernel): 6.12.1 → 6.12.2",
            "restarted: hello.service",
            "only after a restart");
  }

  @Test
  void aBoardThatIsOfflineIsDeferredAndTheRestGoesOn() throws IOException {
    String dead =
        """
        boards:
          dead:
            configuration: %s
            host: 127.0.0.1
            port: 1
            host-key: %s
            tags: [production]
        """
            .formatted(rehearsal.configuration(), board.address().hostKeys().getFirst());
    rehearsal.write(
        "flakeferry.yml", rehearsal.policy("").replace("boards:\n  main", dead + "  main"));

    RehearsedRun run = runPush(rehearsal.push("Say hello", MAIN));

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(run.output("outcome")).isEqualTo("success");
    assertThat(run.output("results"))
        .contains("\"board\":\"dead\"", "\"outcome\":\"deferred\"", "\"outcome\":\"deployed\"");
    assertThat(run.logText()).containsPattern("dead +switch +deferred").contains("OUTCOME");
    assertThat(hello()).isEqualTo(Variation.FIRST.message());
  }

  @Test
  void aSystemThatCutsTheBoardOffIsUndoneByTheBoard() throws IOException {
    runPush(rehearsal.push("Say hello", MAIN));
    StorePath before = board.currentSystem();
    rehearsal.flake().change(Variation.FIRST.fault(Fault.TAKES_NETWORK_DOWN));
    GitRevision commit = rehearsal.push("Take the network down", MAIN);

    RehearsedRun run = runPush(commit);

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(10);
    assertThat(run.output("failure-reason")).isEqualTo("rolled-back");
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(board.profileSystem()).isEqualTo(before);
    assertThat(rehearsal.github().statuses(commit))
        .last()
        .extracting(Status::state)
        .isEqualTo("failure");

    RehearsedRun swept = sweep(commit);

    assertThat(swept.exitCode()).as(swept.logText()).isZero();
    assertThat(swept.logText()).contains("went back from " + commit.abbreviated());
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(rehearsal.github().statuses(commit))
        .last()
        .extracting(Status::state)
        .isEqualTo("failure");
  }

  @Test
  void aCommitThatDoesNotCompileNeverReachesTheBoard() throws IOException {
    StorePath before = board.currentSystem();
    rehearsal.flake().change(Variation.FIRST.fault(Fault.DOES_NOT_COMPILE));
    GitRevision commit = rehearsal.push("Break the program", MAIN);

    RehearsedRun run = runPush(commit);

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(6);
    assertThat(run.logText()).contains("EXIT_SUCCES", "nix log /nix/store/");
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(rehearsal.github().statuses(commit))
        .last()
        .satisfies(
            status -> {
              assertThat(status.state()).isEqualTo("failure");
              assertThat(status.description()).contains("build failed");
            });
  }

  @Test
  void aCacheThatRefusesDoesNotKeepTheBoardFromItsSystem() throws IOException {
    rehearsal.cache().refuseWrites(403);
    RehearsedRun run = runPush(rehearsal.push("Say hello", MAIN));

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(7);
    assertThat(run.output("failure-reason")).isEqualTo("publish-failed");
    assertThat(run.logText()).contains("403", rehearsal.cache().uri().toString());
    assertThat(hello()).isEqualTo(Variation.FIRST.message());
  }

  @Test
  void emulationIsUsedWhereThePolicySaysSoAndTheBoardRefusesAnotherPlatform() throws IOException {
    assertThat(testbed.canEmulate(new SystemPlatform("riscv64-linux"))).isTrue();
    StorePath before = board.currentSystem();
    rehearsal.flake().change(Variation.FIRST.message("Emulated: " + UUID.randomUUID()));
    rehearsal.write(
        "flakeferry.yml",
        "cross: off\nemulate: true\n"
            + rehearsal.policy("").replace(rehearsal.configuration(), DemoFlake.NATIVE));
    RehearsedRun run = runPush(rehearsal.push("Build by emulation", MAIN));

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(11);
    assertThat(run.logText())
        .contains("by emulation, which is slow", "riscv64", "x86_64")
        .containsPattern("will build \\d+ derivations?; \\S+ .iB are free in /nix/store");
    assertThat(StorePath.parse(run.output("store-paths")).path()).isDirectory();
    assertThat(board.currentSystem()).isEqualTo(before);
  }

  @Test
  void aTagDeploysOnlyWhatIsOnTheDefaultBranch() throws IOException {
    GitRevision released = rehearsal.push("Say hello", MAIN);
    rehearsal.git("push", "-q", rehearsal.repository().toString(), "HEAD:refs/tags/v1.0");
    RehearsedRun good = run("push", rehearsal.pushPayload(released, "refs/tags/v1.0"));
    assertThat(good.exitCode()).as(good.logText()).isZero();
    assertThat(hello()).isEqualTo(Variation.FIRST.message());

    rehearsal.flake().change(Variation.FIRST.message("From the side"));
    GitRevision side = rehearsal.push("Leave the branch", "refs/tags/v1.1");
    RehearsedRun bad = run("push", rehearsal.pushPayload(side, "refs/tags/v1.1"));
    assertThat(bad.exitCode()).as(bad.logText()).isEqualTo(11);
    assertThat(bad.logText()).contains("is not on main");
    assertThat(hello()).isEqualTo(Variation.FIRST.message());
  }

  @Test
  void aRunWhoseBranchHasMovedOnLeavesTheBoardToTheNewerOne() throws IOException {
    StorePath before = board.currentSystem();
    GitRevision old = rehearsal.push("Say hello", MAIN);
    rehearsal.flake().change(Variation.FIRST.message("Something newer"));
    GitRevision newer = rehearsal.push("Say something newer", MAIN);

    RehearsedRun run = runPush(old);

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(13);
    assertThat(run.logText()).contains(MAIN + " is " + newer.abbreviated() + " by now");
    assertThat(board.currentSystem()).isEqualTo(before);
  }

  @Test
  void aSweepDeploysToABoardThatWasOff() throws IOException {
    board.powerCut();
    GitRevision commit = rehearsal.push("Say hello", MAIN);
    RehearsedRun off = runPush(commit);
    assertThat(off.exitCode()).as(off.logText()).isZero();
    assertThat(rehearsal.github().statuses(commit))
        .last()
        .extracting(Status::state)
        .isEqualTo("pending");
    board.start();

    RehearsedRun swept = sweep(commit);
    assertThat(swept.exitCode()).as(swept.logText()).isZero();
    assertThat(hello()).isEqualTo(Variation.FIRST.message());
    assertThat(rehearsal.github().statuses(commit))
        .last()
        .extracting(Status::state)
        .isEqualTo("success");
    RehearsedRun again = sweep(commit);
    assertThat(again.exitCode()).as(again.logText()).isZero();
    assertThat(again.logText()).doesNotContain("Evaluate");
  }

  private RehearsedRun sweep(GitRevision commit) throws IOException {
    Path payload = rehearsal.pushPayload(commit, MAIN);
    var environment = rehearsal.environment("schedule", payload);
    environment.put("GITHUB_SHA", commit.value());
    environment.put("GITHUB_REF", MAIN);
    return RehearsedRun.of(BuiltProgram.words("run"), environment);
  }

  @Test
  void forgejoIsToldWhatItHasAPlaceFor() throws IOException {
    rehearsal.close();
    rehearsal =
        Rehearsal.around(board, StandInFor.FORGEJO, GiteaTypes.ofForgejo(), "demo/boards", "main");
    rehearsal.write("flakeferry.yml", rehearsal.policy(""));
    GitRevision commit = rehearsal.push("Say hello", MAIN);

    RehearsedRun run = runPush(commit);

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(run.logText()).doesNotContain("::warning::");
    assertThat(hello()).isEqualTo(Variation.FIRST.message());
    assertThat(rehearsal.github().statuses(commit))
        .extracting(s -> s.context() + " " + s.state())
        .containsExactlyElementsOf(TOLD);
    assertThat(rehearsal.github().requests())
        .extracting(Request::path)
        .allMatch(path -> path.contains("/status"));

    RehearsedRun swept = sweep(commit);
    assertThat(swept.exitCode()).as(swept.logText()).isZero();
    assertThat(swept.logText()).doesNotContain("Evaluate", "::warning::");
  }

  @Test
  void planSaysTheSameAndTouchesNothing() throws IOException {
    StorePath before = board.currentSystem();
    GitRevision commit = rehearsal.push("Say hello", MAIN);
    var environment = rehearsal.environment("push", rehearsal.pushPayload(commit, MAIN));

    RehearsedRun table = RehearsedRun.of(BuiltProgram.words("plan"), environment);
    RehearsedRun json = RehearsedRun.of(BuiltProgram.words("plan", "--json"), environment);

    assertThat(table.exitCode()).as(table.logText()).isZero();
    assertThat(table.logText()).contains("main-job", "production", "switch", "root@");
    assertThat(json.logText())
        .contains("\"kind\":\"deploy\"", "\"commit\":\"" + commit + "\"", "\"wave\":0");
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(rehearsal.github().statuses(commit)).isEmpty();
  }

  private String hello() throws IOException {
    return board.run("/run/current-system/sw/bin/hello").orThrow().output().strip();
  }

  private RehearsedRun runPush(GitRevision commit) throws IOException {
    return run("push", rehearsal.pushPayload(commit, MAIN));
  }

  private RehearsedRun run(String event, Path payload) throws IOException {
    return RehearsedRun.of(BuiltProgram.words("run"), rehearsal.environment(event, payload));
  }
}
