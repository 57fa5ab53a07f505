package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Releases for some boards: they reach them wave by wave, or none but the canary. */
final class ReleaseSteps implements AutoCloseable {
  private final AtomicInteger healthyAnswers = new AtomicInteger();
  private final List<TestBoard> boards;
  private final TestBoard canary;
  private final StorePath before;
  private final Map<String, String> traces = new HashMap<>();
  private final Rehearsal rehearsal;
  private final HttpServer health;

  /** The fourth board is the canary. */
  ReleaseSteps(List<TestBoard> boards) throws IOException {
    this.boards = boards;
    canary = boards.get(3);
    before = canary.currentSystem();
    for (TestBoard board : boards) {
      traces.put(board.name(), traces(board));
    }
    rehearsal = Rehearsal.around(canary, GitHubOpenApi.judge(), "demo/boards", "main");
    health = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    health.createContext(
        "/",
        exchange -> {
          try (exchange) {
            int status = healthyAnswers.getAndDecrement() > 0 ? 200 : 503;
            exchange.sendResponseHeaders(status, -1);
          }
        });
    health.start();
    rehearsal.write("flakeferry.yml", policy());
  }

  /** All of it, one after another. */
  void run() throws IOException {
    GitRevision bad = change("v1.0");
    StorePath built = itsCanaryFailsAndNobodyElseIsTouched(bad);
    Command.of("nix-store", "--delete", built.toString()).run().orThrow();
    startedAgainNothingIsBuiltAndItsCanaryIsUnwellLater(bad, built);
    aSweepLeavesItAlone(bad);
    GitRevision mended = change("v1.1");
    theMendedOneReachesAllInTheOrderOfTheWaves(mended);
    whatWasOfflineAtAReleaseGetsItFromASweep();
  }

  @Override
  public void close() throws IOException {
    health.stop(0);
    rehearsal.close();
  }

  private StorePath itsCanaryFailsAndNobodyElseIsTouched(GitRevision commit) throws IOException {
    healthyAnswers.set(0);

    RehearsedRun run = release("v1.0", commit);

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(10);
    assertThat(ManyTestBoards.outcomes(run)).isEqualTo(outcomes("rolled-back", "skipped"));
    assertThat(run.logText()).containsPattern("Nix: [1-9][0-9]* derivations built");
    assertThat(last(commit, canary).state()).isEqualTo("failure");
    assertThat(last(commit, canary).description()).contains("rolled back", "503");
    assertOthersAreSkipped(commit, "rolled back");
    assertThat(canary.currentSystem()).isEqualTo(before);
    assertThat(canary.profileSystem()).isEqualTo(before);
    return StorePath.parse(run.output("store-paths"));
  }

  private void startedAgainNothingIsBuiltAndItsCanaryIsUnwellLater(
      GitRevision commit, StorePath system) throws IOException {
    assertThat(system.path()).doesNotExist();
    // before it is confirmed, and once more after
    healthyAnswers.set(2);

    RehearsedRun run = release("v1.0", commit);

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(8);
    assertThat(run.logText())
        .contains(
            system + " comes from " + rehearsal.cache().uri() + ", built before",
            "Nix: 0 derivations built",
            "The next wave begins in 1 s",
            "`flakeferry rollback " + canary.name() + "`");
    assertThat(ManyTestBoards.outcomes(run)).isEqualTo(outcomes("failed", "skipped"));
    assertThat(last(commit, canary).state()).isEqualTo("failure");
    assertThat(last(commit, canary).description()).contains("no longer well", "503");
    assertOthersAreSkipped(commit, "failed");
    assertThat(canary.currentSystem()).isEqualTo(system);
    assertThat(canary.profileSystem()).isEqualTo(system);
  }

  private void aSweepLeavesItAlone(GitRevision commit) throws IOException {
    healthyAnswers.set(1000);
    RehearsedRun swept = sweep(commit);
    assertThat(swept.exitCode()).as(swept.logText()).isZero();
    assertThat(swept.logText()).contains("fleet: refs/tags/v1.0 is left alone");
    for (TestBoard board : boards) {
      if (board != canary) {
        assertThat(traces(board)).isEqualTo(traces.get(board.name()));
      }
    }
  }

  private void whatWasOfflineAtAReleaseGetsItFromASweep() throws IOException {
    TestBoard off = boards.getLast();
    GitRevision commit = change("v1.2");
    off.linkDown();
    healthyAnswers.set(1000);
    RehearsedRun run = release("v1.2", commit);
    assertThat(run.exitCode()).as(run.logText()).isZero();
    StorePath system = StorePath.parse(run.output("store-paths"));
    assertThat(last(commit, off).description()).startsWith("waiting: ");
    off.linkUp();
    // the canary's has just got it: a run may be in its waves
    RehearsedRun early = sweep(commit);
    assertThat(early.exitCode()).as(early.logText()).isZero();
    assertThat(early.logText()).contains("fleet: left to the next sweep");
    for (TestBoard board : boards) {
      if (board != off) {
        board
            .run(
                "sed -i 's/^time .*/time %d/' /nix/var/flakeferry/deployed"
                    .formatted(Instant.now().minusSeconds(3600).getEpochSecond()))
            .orThrow();
      }
    }

    RehearsedRun swept = sweep(commit);

    assertThat(swept.exitCode()).as(swept.logText()).isZero();
    assertThat(off.currentSystem()).isEqualTo(system);
    assertThat(off.profileSystem()).isEqualTo(system);
    assertThat(last(commit, off).state()).isEqualTo("success");
    assertThat(rehearsal.github().statuses(commit).getLast())
        .extracting(Status::context, Status::state)
        .containsExactly("flakeferry/fleet", "success");
  }

  /** What a schedule starts, when the default branch has this commit. */
  private RehearsedRun sweep(GitRevision commit) throws IOException {
    var environment =
        rehearsal.environment("schedule", rehearsal.pushPayload(commit, "refs/heads/main"));
    environment.put("GITHUB_SHA", commit.value());
    environment.put("GITHUB_REF", "refs/heads/main");
    return RehearsedRun.of(BuiltProgram.words("run"), environment);
  }

  private void theMendedOneReachesAllInTheOrderOfTheWaves(GitRevision commit) throws IOException {
    healthyAnswers.set(1000);

    RehearsedRun run = release("v1.1", commit);

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(ManyTestBoards.outcomes(run)).isEqualTo(outcomes("deployed", "deployed"));
    StorePath system = StorePath.parse(run.output("store-paths"));
    for (TestBoard board : boards) {
      assertThat(board.currentSystem()).isEqualTo(system);
      assertThat(board.profileSystem()).isEqualTo(system);
    }
    List<String> order =
        rehearsal.github().statuses(commit).stream()
            .filter(status -> status.state().equals("success"))
            .map(Status::context)
            .filter(context -> !context.equals("flakeferry/fleet"))
            .toList();
    List<String> rest =
        boards.stream().filter(b -> b != canary).map(ReleaseSteps::context).toList();
    assertThat(order).hasSize(8).startsWith(context(canary));
    assertThat(order.subList(1, 3)).containsExactlyInAnyOrderElementsOf(rest.subList(0, 2));
    assertThat(order.subList(3, 8)).containsExactlyInAnyOrderElementsOf(rest.subList(2, 7));
  }

  private void assertOthersAreSkipped(GitRevision commit, String why) throws IOException {
    for (TestBoard board : boards) {
      if (board != canary) {
        assertThat(traces(board)).isEqualTo(traces.get(board.name()));
        assertThat(last(commit, board).state()).isEqualTo("failure");
        assertThat(last(commit, board).description())
            .contains("skipped", canary.name() + " (" + why + ")");
      }
    }
  }

  /** What it runs, and what runs of ours left on it. */
  private static String traces(TestBoard board) throws IOException {
    return board
        .run("readlink /run/current-system; find /nix/var/flakeferry 2>&1 | sort")
        .orThrow()
        .output();
  }

  private Map<String, String> outcomes(String ofCanary, String ofOthers) {
    return boards.stream()
        .collect(Collectors.toMap(TestBoard::name, b -> b == canary ? ofCanary : ofOthers));
  }

  private Status last(GitRevision commit, TestBoard board) {
    return rehearsal.github().statuses(commit).stream()
        .filter(status -> status.context().equals(context(board)))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private static String context(TestBoard board) {
    return "flakeferry/fleet/" + board.name();
  }

  private GitRevision change(String tag) throws IOException {
    rehearsal.flake().change(Variation.FIRST.message("Hello " + UUID.randomUUID()));
    GitRevision commit = rehearsal.push("Release " + tag, "refs/heads/main");
    rehearsal.git("push", "-q", rehearsal.repository().toString(), "HEAD:refs/tags/" + tag);
    return commit;
  }

  private RehearsedRun release(String tag, GitRevision commit) throws IOException {
    Path payload =
        Files.writeString(
            rehearsal.folder().resolve(tag + ".json"),
            """
            {"action": "published",
             "release": {"tag_name": "%s", "target_commitish": "main", "draft": false,
                         "prerelease": false},
             "repository": {"id": 1, "name": "boards", "full_name": "demo/boards",
                            "default_branch": "main", "owner": {"login": "demo", "id": 1}},
             "sender": {"login": "demo", "id": 1, "type": "User"}}
            """
                .formatted(tag));
    var environment = rehearsal.environment("release", payload);
    environment.put("GITHUB_SHA", commit.value());
    environment.put("GITHUB_REF", "refs/tags/" + tag);
    RehearsedRun run = RehearsedRun.of(BuiltProgram.words("run"), environment);
    System.out.printf("%s: %.1f s (%s)%n", tag, run.took().toMillis() / 1000.0, run.stages());
    return run;
  }

  private String policy() {
    return """
    caches:
      - url: %s
        public-key: %s
    %senvironments:
      fleet:
        on: { release: "v*" }
        boards: fleet
        waves: [canary, 25%%, rest]
        wave-pause: 1s
        health:
          url: http://127.0.0.1:%d/
          attempts: 1
    """
        .formatted(
            rehearsal.cache().uri(),
            rehearsal.signingKey().publicKey(),
            ManyTestBoards.policy(boards, board -> board == canary ? "fleet, canary" : "fleet"),
            health.getAddress().getPort());
  }
}
