package io.github.flakeferry.forge.github;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.forge.actions.ReportsFixture;
import io.github.flakeferry.testbed.GitHubDeployment;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a run leaves open that is killed, and who ends it. */
class AbandonedTest extends ReportsFixture {
  private Map<String, String> killed;

  @BeforeEach
  void kill() throws IOException {
    killed = nextRun();
    status("flakeferry/production", "pending", "building and deploying", page(killed));
  }

  private void status(String context, String state, String description, String url) {
    gitHub.addStatus(
        new Status(
            COMMIT, context, state, description, Optional.of(url), now.minus(Duration.ofHours(1))));
  }

  private String last(String context) {
    return gitHub.statuses(COMMIT).stream()
        .filter(s -> s.context().equals(context))
        .reduce((earlier, later) -> later)
        .map(s -> s.state() + ": " + s.description())
        .orElse("none");
  }

  private void close() {
    tell(f -> f.closeAbandoned(List.of(COMMIT)));
  }

  @Test
  void endsStatusDeploymentAndCheckOfARunThatIsOver() {
    gitHub.addDeployment(
        COMMIT,
        "production",
        "deploy",
        "\"{\\\"flakeferry\\\":{\\\"run\\\":\\\"" + page(killed) + "\\\"}}\"",
        List.of("queued", "in_progress"),
        page(killed));
    gitHub.addCheckRun(CheckRunsTest.check("in_progress", "flakeferry " + page(killed)));
    gitHub.endRun(number(killed));

    close();

    assertThat(last("flakeferry/production")).isEqualTo("error: the run ended without saying so");
    assertThat(gitHub.statuses(COMMIT).getLast().targetUrl()).contains(page(killed));
    assertThat(gitHub.deployments())
        .extracting(GitHubDeployment::states)
        .containsExactly(List.of("queued", "in_progress", "error"));
    assertThat(gitHub.checkRuns(COMMIT))
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.conclusion()).contains("cancelled");
              assertThat(check.title()).isEqualTo("the run ended without saying so");
            });
    assertThat(warnings()).isEmpty();
  }

  @Test
  void asksOneQuestionWhereAllIsWell() {
    status("flakeferry/production", "success", "1 board deployed", page(killed));
    close();
    assertThat(gitHub.requests()).hasSize(1);
  }

  @Test
  void endsWhatACancelledRunHadNoTimeFor() {
    status("flakeferry/production", "error", "cancelled", page(killed));
    gitHub.addCheckRun(CheckRunsTest.check("in_progress", "flakeferry " + page(killed)));
    gitHub.endRun(number(killed));
    close();
    assertThat(gitHub.checkRuns(COMMIT).getFirst().conclusion()).contains("cancelled");
  }

  @Test
  void leavesARunAloneThatGoesOn() {
    gitHub.addCheckRun(CheckRunsTest.check("in_progress", "flakeferry " + page(killed)));
    close();
    assertThat(last("flakeferry/production")).startsWith("pending");
    assertThat(gitHub.checkRuns(COMMIT).getFirst().status()).isEqualTo("in_progress");
    assertThat(writes()).isEmpty();
  }

  @Test
  void leavesWhatWaitsOnPurpose() {
    tell(
        forge(killed),
        f -> f.status(COMMIT, "flakeferry/lab", StatusState.WAITING, "1 board deferred: busy"));
    gitHub.endRun(number(killed));
    close();
    assertThat(last("flakeferry/lab")).isEqualTo("pending: waiting: 1 board deferred: busy");
    assertThat(last("flakeferry/production")).startsWith("error");
  }

  @Test
  void endsWhatAJobLeftThatHadAPart() {
    status("flakeferry/production (b)", "pending", "building", page(killed));
    gitHub.endRun(number(killed));
    close();
    assertThat(last("flakeferry/production (b)")).startsWith("error");
  }

  @Test
  void leavesWhatIsNotOurs() {
    status("ci/build", "pending", "building", page(killed));
    status("flakeferry/mirror", "pending", "building", "https://example.org/actions/runs/1");
    gitHub.addCheckRun(CheckRunsTest.check("in_progress", "the job, which may have our name"));
    gitHub.addDeployment(
        COMMIT, "production", "deploy", "", List.of("in_progress"), page(killed) + "/job/1");
    gitHub.endRun(number(killed));
    close();
    assertThat(last("ci/build")).startsWith("pending");
    assertThat(last("flakeferry/mirror")).startsWith("pending");
    assertThat(gitHub.checkRuns(COMMIT).getFirst().status()).isEqualTo("in_progress");
    assertThat(gitHub.deployments().getFirst().state()).isEqualTo("in_progress");
  }

  @Test
  void anEarlierAttemptOfTheSameRunIsOver() {
    variables.put("GITHUB_RUN_ATTEMPT", "2");
    status("flakeferry/staging", "pending", "building", page(variables));
    status("flakeferry/other-job", "pending", "building", page(variables) + "/attempts/2");
    close();
    assertThat(last("flakeferry/staging")).startsWith("error");
    assertThat(last("flakeferry/other-job")).startsWith("pending");
  }

  @Test
  void anEarlierAttemptOfAnotherRunIsOver() {
    gitHub.endRun(number(killed));
    gitHub.runAgain(number(killed));
    status("flakeferry/staging", "pending", "building", page(killed) + "/attempts/2");
    close();
    assertThat(last("flakeferry/production")).startsWith("error");
    assertThat(last("flakeferry/staging")).startsWith("pending");
  }

  @Test
  void goesByTheAgeWhereRunsMayNotBeRead() {
    gitHub.permit(Set.of("statuses: write", "deployments: write", "checks: write"));
    gitHub.endRun(number(killed));
    close();
    assertThat(last("flakeferry/production")).startsWith("pending");
    now = now.plus(Duration.ofHours(5).plusMinutes(1));
    close();
    assertThat(last("flakeferry/production")).startsWith("error");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void asksAboutARunOnce() {
    Forge forge = forge();
    status("flakeferry/a", "pending", "building", page(killed));
    status("flakeferry/b", "pending", "building", page(killed));
    tell(forge, f -> f.closeAbandoned(List.of(COMMIT, EARLIER, COMMIT)));
    assertThat(gitHub.requests().stream().filter(r -> r.path().contains("/actions/"))).hasSize(1);
  }

  @Test
  void knowsWhatTheBranchHadBefore() {
    assertThat(forge().before()).contains(EARLIER);
  }
}
