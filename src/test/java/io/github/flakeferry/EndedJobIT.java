package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.testbed.GitHubCheckRun;
import io.github.flakeferry.testbed.GitHubDeployment;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs that are ended from outside: what GitHub shows of them does not stay pending. */
final class EndedJobIT extends JobIT {
  @Test
  void aRunThatIsKilledWhileItsBoardActivatesIsEndedByTheNextSweep() throws Exception {
    StorePath before = board.currentSystem();
    rehearsal.write(
        "hosts/common.nix",
        Files.readString(rehearsal.flake().folder().resolve("hosts/common.nix"))
            .replace(
                "  boot.kernelVersion",
                "  system.activationScript = \"until [ -e /run/go-on ]; do sleep 0.1; done\";\n"
                    + "  boot.kernelVersion"));
    GitRevision commit = rehearsal.push("Say hello, slowly", MAIN);
    var environment = rehearsal.environment("push", rehearsal.pushPayload(commit, MAIN));
    Process killed = start(environment);
    until(killed, () -> !board.currentSystem().equals(before));
    // what is told comes after what is done, a second apart
    until(
        killed,
        () ->
            rehearsal.github().deployments().stream()
                .anyMatch(d -> d.state().equals("in_progress")));
    killed.destroyForcibly().waitFor();
    board.run("touch /run/go-on").orThrow();
    until(killed, () -> board.currentSystem().equals(before));
    rehearsal.github().endRun(Long.parseLong(environment.get("GITHUB_RUN_ID")));

    RehearsedRun swept = sweep(commit);

    assertThat(swept.exitCode()).as(swept.logText()).isZero();
    assertThat(hello()).isEqualTo(Variation.FIRST.message());
    assertThat(rehearsal.github().statuses(commit))
        .extracting(s -> s.context() + " " + s.state() + " " + s.description())
        .contains(
            "flakeferry/production error the run ended without saying so",
            "flakeferry/production/main-job error the run ended without saying so")
        .last()
        .asString()
        .startsWith("flakeferry/production success");
    assertThat(rehearsal.github().deployments())
        .extracting(GitHubDeployment::states)
        .containsExactly(
            List.of("queued", "in_progress", "error"), List.of("queued", "in_progress", "success"));
    assertThat(rehearsal.github().checkRuns(commit))
        .extracting(GitHubCheckRun::conclusion)
        .containsExactly(Optional.of("cancelled"));
  }

  @Test
  void aRunThatIsCancelledClosesWhatItLeavesPending() throws Exception {
    StorePath before = board.currentSystem();
    GitRevision commit = rehearsal.push("Say hello", MAIN);
    Process run = start(rehearsal.environment("push", rehearsal.pushPayload(commit, MAIN)));
    // the first thing that is told, before anything is built
    until(run, () -> !rehearsal.github().statuses(commit).isEmpty());
    run.destroy();

    assertThat(run.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).isEqualTo(143);
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(lastStates(commit))
        .isEqualTo(
            Map.of(
                "flakeferry/production", "error: cancelled",
                "flakeferry/production/main-job", "error: cancelled"));
    // whether they were begun before the signal is a matter of luck
    assertThat(rehearsal.github().deployments())
        .extracting(GitHubDeployment::state)
        .doesNotContain("", "queued", "in_progress");
    assertThat(rehearsal.github().checkRuns(commit))
        .extracting(GitHubCheckRun::status)
        .doesNotContain("in_progress");
  }

  private Map<String, String> lastStates(GitRevision commit) {
    var last = new HashMap<String, String>();
    rehearsal
        .github()
        .statuses(commit)
        .forEach(s -> last.put(s.context(), s.state() + ": " + s.description()));
    return last;
  }

  private Process start(Map<String, String> environment) throws IOException {
    var builder = new ProcessBuilder(BuiltProgram.words("run"));
    builder.environment().putAll(environment);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(rehearsal.folder().resolve("log").toFile())
        .start();
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void until(Process run, Condition condition) throws Exception {
    for (int tries = 0; !condition.holds(); tries++) {
      assertThat(tries)
          .as(() -> "ended: " + !run.isAlive() + ", " + read(rehearsal.folder().resolve("log")))
          .isLessThan(3_000);
      Thread.sleep(100);
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private RehearsedRun sweep(GitRevision commit) throws IOException {
    var environment = rehearsal.environment("schedule", rehearsal.pushPayload(commit, MAIN));
    environment.put("GITHUB_SHA", commit.value());
    environment.put("GITHUB_REF", MAIN);
    return RehearsedRun.of(BuiltProgram.words("run"), environment);
  }

  private String hello() throws IOException {
    return board.run("/run/current-system/sw/bin/hello").orThrow().output().strip();
  }
}
