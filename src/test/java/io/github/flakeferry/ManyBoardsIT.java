package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fleet of boards: all of them in one run, and some wave by wave. */
final class ManyBoardsIT {
  private static final int BOARDS = 24;

  private static Testbed testbed;
  private static List<TestBoard> boards;

  private Rehearsal rehearsal;

  @BeforeAll
  static void start() throws IOException, InterruptedException, ExecutionException {
    testbed = Testbed.prepare(Progress.SILENT);
    boards = ManyTestBoards.start(testbed, "many", BOARDS);
  }

  @AfterAll
  static void tidy() {
    testbed.close();
  }

  @BeforeEach
  void begin() throws IOException {
    rehearsal = Rehearsal.around(boards.getFirst(), GitHubOpenApi.judge(), "demo/boards", "main");
  }

  @AfterEach
  void end() throws IOException {
    rehearsal.close();
  }

  @Test
  void aBadReleaseStopsAtItsCanaryAndTheMendedOneReachesEightBoardsInOrder() throws IOException {
    try (var release = new ReleaseSteps(boards.subList(12, 20))) {
      release.run();
    }
  }

  @Test
  void theDeadOnesOfManyBoardsAreDeferredAndANextRunBringsThemWhatTheyMissed() throws IOException {
    TestBoard unplugged = boards.get(2);
    TestBoard off = boards.get(11);
    TestBoard deaf = boards.get(20);
    unplugged.linkDown();
    // whose kernel is gone answers no neighbour either
    off.run("ip link set eth0 down").orThrow();
    off.powerCut();
    deaf.run("systemctl stop ssh.service").orThrow();
    var dead = List.of(unplugged.name(), off.name(), deaf.name());
    rehearsal.write("flakeferry.yml", policy(""));
    GitRevision commit = rehearsal.push("Say hello", "refs/heads/main");

    RehearsedRun run;
    try (var watch = watch()) {
      run = deploy(commit);
      print("24 boards, 3 of them dead", run, watch);
      assertThat(watch.mostHosts()).isEqualTo(Policy.DEFAULT_PARALLEL);
      // what a board costs the runner it costs while its turn lasts
      assertThat(watch.mostThreads()).isLessThan(40 + 5 * Policy.DEFAULT_PARALLEL);
      assertThat(watch.mostMegabytes()).isLessThan(400);
    }

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(run.output("outcome")).isEqualTo("success");
    StorePath system = StorePath.parse(run.output("store-paths"));
    Map<String, String> outcomes = ManyTestBoards.outcomes(run);
    assertThat(outcomes).hasSize(BOARDS);
    for (TestBoard board : boards) {
      boolean isDead = dead.contains(board.name());
      String outcome = isDead ? "deferred" : "deployed";
      assertThat(outcomes).containsEntry(board.name(), outcome);
      assertThat(run.logText())
          .containsPattern("(?m)^" + board.name() + " +switch +" + outcome + " ");
      if (isDead) {
        assertThat(run.logText())
            .contains("::warning::" + board.name() + ": deferred: FF-0801: root@");
      } else {
        assertThat(board.currentSystem()).isEqualTo(system);
        assertThat(board.profileSystem()).isEqualTo(system);
      }
    }

    unplugged.linkUp();
    off.start();
    deaf.run("systemctl start ssh.service").orThrow();
    rehearsal.write("flakeferry.yml", policy("parallel: 5"));
    RehearsedRun next;
    try (var watch = watch()) {
      next = deploy(rehearsal.push("Take fewer at a time", "refs/heads/main"));
      print("21 boards that have it, 3 that lack it, 5 at a time", next, watch);
      assertThat(watch.mostHosts()).isEqualTo(5);
    }

    assertThat(next.exitCode()).as(next.logText()).isZero();
    assertThat(ManyTestBoards.outcomes(next))
        .isEqualTo(
            boards.stream()
                .map(TestBoard::name)
                .collect(
                    Collectors.toMap(
                        name -> name, name -> dead.contains(name) ? "deployed" : "unchanged")));
    for (TestBoard board : boards) {
      assertThat(board.profileSystem()).isEqualTo(system);
    }
  }

  private String policy(String line) {
    var text = new StringBuilder(line).append('\n');
    text.append(ManyTestBoards.policy(boards, board -> "production"));
    // not chosen, and nowhere
    text.append(
        """
          spare:
            host: 192.0.2.1
            host-key: %s
            tags: [production, spare]
        environments:
          production:
            on: { push: main }
            boards: "production & !spare"
            confirm-timeout: 30s
        """
            .formatted(boards.getFirst().address().hostKeys().getFirst()));
    return text.toString();
  }

  private RunnerWatch watch() {
    return RunnerWatch.over(boards.stream().map(board -> board.address().host()).toList());
  }

  private RehearsedRun deploy(GitRevision commit) throws IOException {
    return RehearsedRun.of(
        BuiltProgram.words("run"),
        rehearsal.environment("push", rehearsal.pushPayload(commit, "refs/heads/main")));
  }

  private static void print(String what, RehearsedRun run, RunnerWatch watch) {
    System.out.printf(
        "%s: %.1f s (%s); at most %d boards at once, %d threads, %d MiB%n",
        what,
        run.took().toMillis() / 1000.0,
        run.stages(),
        watch.mostHosts(),
        watch.mostThreads(),
        watch.mostMegabytes());
  }
}
