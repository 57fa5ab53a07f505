package io.github.flakeferry.forge.github;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.actions.ReportsFixture;
import io.github.flakeferry.testbed.GitHubDeployment;
import io.github.flakeferry.testbed.GitHubStandIn.Disturbance;
import io.github.flakeferry.testbed.GitHubStandIn.Request;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeploymentsTest extends ReportsFixture {
  private static final EnvironmentRef PRODUCTION =
      new EnvironmentRef("production", Optional.empty());
  private static final EnvironmentRef PREVIEW = new EnvironmentRef("preview", Optional.of(7L));
  private static final String ELSEWHERE = "https://example.org/job/1";

  private static void all(Forge forge, EnvironmentRef environment, DeploymentState end) {
    for (DeploymentState state :
        List.of(DeploymentState.QUEUED, DeploymentState.IN_PROGRESS, end)) {
      forge.deployment(COMMIT, environment, state, "x".repeat(200), Optional.empty());
    }
  }

  private void deploy(EnvironmentRef environment, DeploymentState end) {
    tell(f -> all(f, environment, end));
  }

  private GitHubDeployment one(long id) {
    return gitHub.deployments().stream().filter(d -> d.id() == id).findFirst().orElseThrow();
  }

  private GitHubDeployment last() {
    return gitHub.deployments().getLast();
  }

  private long asked() {
    return gitHub.requests().stream().filter(r -> r.path().endsWith("/statuses")).count();
  }

  @Test
  void goesThroughAllStatesInTheirOrder() {
    // nobody's status keeps it from being made
    tell(f -> f.status(COMMIT, "ci", io.github.flakeferry.forge.StatusState.FAILURE, "red"));
    deploy(PRODUCTION, DeploymentState.SUCCESS);
    assertThat(gitHub.deployments())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.states()).containsExactly("queued", "in_progress", "success");
              assertThat(d.commit()).isEqualTo(COMMIT);
              assertThat(d.task()).isEqualTo("deploy");
              assertThat(d.production()).isTrue();
              assertThat(d.isTransient()).isFalse();
              assertThat(d.statuses())
                  .allSatisfy(
                      s -> {
                        assertThat(s.logUrl()).isEqualTo(page(variables));
                        assertThat(s.description()).hasSizeLessThanOrEqualTo(140);
                      });
            });
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aPreviewIsTransientAndHasAnAddress() {
    tell(
        f ->
            f.deployment(
                COMMIT,
                PREVIEW,
                DeploymentState.SUCCESS,
                "deployed",
                Optional.of(URI.create("http://lab-1.lan/"))));
    assertThat(last().isTransient()).isTrue();
    assertThat(last().production()).isFalse();
    assertThat(last().task()).isEqualTo("deploy:pull-7");
    assertThat(last().statuses().getLast().environmentUrl()).isEqualTo("http://lab-1.lan/");
  }

  @Test
  void aSuccessEndsOlderOnesBeyondTheFirstPageAndLeavesThoseThatAreOver() {
    for (int i = 0; i < 130; i++) {
      gitHub.addDeployment(
          EARLIER, "production", "deploy", "", List.of(i % 13 == 0 ? "success" : "inactive"), "");
    }
    long failed =
        gitHub.addDeployment(EARLIER, "production", "deploy", "", List.of("failure"), ELSEWHERE);
    long staging =
        gitHub.addDeployment(EARLIER, "staging", "deploy", "", List.of("success"), ELSEWHERE);
    long pull =
        gitHub.addDeployment(EARLIER, "production", "deploy:pull-7", "", List.of("success"), "");
    deploy(PRODUCTION, DeploymentState.SUCCESS);

    assertThat(gitHub.deployments().stream().filter(d -> d.state().equals("success")))
        .extracting(GitHubDeployment::id)
        .containsExactlyInAnyOrder(staging, pull, last().id());
    assertThat(one(failed).states()).containsExactly("failure");
    assertThat(gitHub.deployments().subList(0, 130))
        .allSatisfy(d -> assertThat(d.state()).isEqualTo("inactive"))
        .allSatisfy(d -> assertThat(d.states()).doesNotHaveDuplicates());
  }

  @Test
  void aFailureEndsNothing() {
    long older =
        gitHub.addDeployment(EARLIER, "production", "deploy", "", List.of("success"), ELSEWHERE);
    deploy(PRODUCTION, DeploymentState.FAILURE);
    assertThat(one(older).state()).isEqualTo("success");
  }

  @Test
  void doesNotAskAgainForWhatItOnceFoundOver() throws IOException {
    for (int i = 0; i < 30; i++) {
      gitHub.addDeployment(EARLIER, "production", "deploy", "", List.of("inactive"), "");
    }
    deploy(PRODUCTION, DeploymentState.SUCCESS);
    GitHubDeployment first = last();
    long before = asked();
    tell(forge(nextRun()), f -> all(f, PRODUCTION, DeploymentState.SUCCESS));
    // the one before twice, as one of the commit and as the older one; and four writes
    assertThat(asked() - before).isLessThanOrEqualTo(6);
    assertThat(one(first.id()).state()).isEqualTo("inactive");
    assertThat(last().state()).isEqualTo("success");
  }

  @Test
  void leavesTheJobsOwnDeploymentToTheJob() {
    long own =
        gitHub.addDeployment(
            COMMIT,
            "production",
            "deploy",
            "",
            List.of("in_progress"),
            page(variables) + "/job/42");
    tell(
        f -> {
          all(f, PRODUCTION, DeploymentState.SUCCESS);
          all(f, PREVIEW, DeploymentState.SUCCESS);
        });
    assertThat(one(own).states()).containsExactly("in_progress");
    assertThat(gitHub.deployments())
        .extracting(GitHubDeployment::environment)
        .containsExactly("production", "preview");
  }

  @Test
  void anotherRunsDeploymentOfTheSameCommitIsNotTheJobs() {
    gitHub.addDeployment(
        COMMIT, "production", "deploy", "", List.of("in_progress"), page(variables) + "0/job/42");
    deploy(PRODUCTION, DeploymentState.SUCCESS);
    assertThat(last().states()).containsExactly("queued", "in_progress", "success");
  }

  @Test
  void makesOneOfItsOwnInEachAttempt() {
    deploy(PRODUCTION, DeploymentState.FAILURE);
    variables.put("GITHUB_RUN_ATTEMPT", "2");
    deploy(PRODUCTION, DeploymentState.SUCCESS);
    assertThat(gitHub.deployments())
        .extracting(GitHubDeployment::state)
        .containsExactly("failure", "success");
  }

  @Test
  void givingBackEndsWhatThePullRequestHasAndNoOthers() {
    deploy(PREVIEW, DeploymentState.SUCCESS);
    var other = new EnvironmentRef("preview", Optional.of(8L));
    deploy(other, DeploymentState.SUCCESS);
    tell(f -> f.retire(PREVIEW, "given back"));
    tell(f -> f.retire(PREVIEW, "given back"));
    assertThat(gitHub.deployments())
        .extracting(GitHubDeployment::states)
        .containsExactly(
            List.of("queued", "in_progress", "success", "inactive"),
            List.of("queued", "in_progress", "success"));
  }

  @Test
  void saysThatGitHubMadeNone() {
    // what is there of the commit, what is there of the environment, and the one that was asked for
    gitHub.disturb(new Disturbance(200, Map.of(), "[]"));
    gitHub.disturb(new Disturbance(200, Map.of(), "[]"));
    gitHub.disturb(new Disturbance(202, Map.of(), "{\"message\":\"Auto-merged main into x.\"}"));
    deploy(PRODUCTION, DeploymentState.SUCCESS);
    assertThat(gitHub.deployments()).isEmpty();
    assertThat(warnings()).singleElement().asString().contains("no Deployment to production");
    assertThat(writes()).containsExactly("POST 202");
  }

  @Test
  void aConflictIsAWarningAndNoFailure() {
    gitHub.disturb(new Disturbance(200, Map.of(), "[]"));
    gitHub.disturb(new Disturbance(200, Map.of(), "[]"));
    gitHub.disturb(
        new Disturbance(409, Map.of(), "{\"message\":\"Conflict merging main into x.\"}"));
    deploy(PRODUCTION, DeploymentState.SUCCESS);
    assertThat(warnings()).singleElement().asString().contains("Conflict merging main into x");
    assertThat(writes()).containsExactly("POST 409");
  }

  @Test
  void makesNoSecondOneWhereTheAnswerWasLost() throws IOException {
    Forge forge = forge();
    gitHub.disturb(new Disturbance(200, Map.of(), "[]"));
    gitHub.disturb(new Disturbance(200, Map.of(), "[]"));
    gitHub.disturb(new Disturbance(0, Map.of(), ""));
    forge.deployment(COMMIT, PRODUCTION, DeploymentState.QUEUED, "x", Optional.empty());
    await(() -> gitHub.requests().size() == 3);
    // it was made all the same
    long made =
        gitHub.addDeployment(
            COMMIT,
            "production",
            "deploy",
            "{\"flakeferry\":{\"run\":\"" + page(variables) + "\"}}",
            List.of(),
            "");
    forge.summary("");
    assertThat(gitHub.deployments()).hasSize(1);
    assertThat(one(made).states()).containsExactly("queued");
  }

  @Test
  void withoutThePermissionThereIsOneRequestAndOneWarning() {
    gitHub.permit(Set.of("statuses: write"));
    deploy(PRODUCTION, DeploymentState.SUCCESS);
    assertThat(gitHub.requests()).extracting(Request::status).containsExactly(403);
    assertThat(warnings()).singleElement().asString().contains("`deployments: write`");
  }

  @Test
  void endsWhatGotStuckAsAnError() throws IOException {
    Map<String, String> killed = nextRun();
    long stuck =
        gitHub.addDeployment(
            EARLIER,
            "production",
            "deploy",
            "{\"flakeferry\":{\"run\":\"" + page(killed) + "\"}}",
            List.of("queued", "in_progress"),
            page(killed));
    gitHub.endRun(number(killed));
    deploy(PRODUCTION, DeploymentState.SUCCESS);
    assertThat(one(stuck).states()).containsExactly("queued", "in_progress", "error");
    assertThat(one(stuck).statuses().getLast().description())
        .isEqualTo("the run ended without saying so");
  }
}
