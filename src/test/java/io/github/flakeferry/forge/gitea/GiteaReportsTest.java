package io.github.flakeferry.forge.gitea;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.CheckConclusion;
import io.github.flakeferry.forge.CheckResult;
import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.forge.actions.Dialect;
import io.github.flakeferry.forge.actions.ReportsFixture;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.testbed.GitHubStandIn.Comment;
import io.github.flakeferry.testbed.GitHubStandIn.Request;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.StandInFor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GiteaReportsTest extends ReportsFixture {
  private static final EnvironmentRef PRODUCTION =
      new EnvironmentRef("production", Optional.empty());

  @Override
  protected StandInFor standsFor() {
    return StandInFor.GITEA;
  }

  @Override
  protected Dialect dialect() {
    return Gitea.of(variables).orElseThrow();
  }

  private List<String> requests() {
    return gitHub.requests().stream().map(Request::path).toList();
  }

  @Test
  void setsStatusesAndReadsThemBack() throws IOException {
    assertThat(forge().status(COMMIT, "flakeferry/lab")).isEmpty();
    tell(
        forge -> {
          forge.status(COMMIT, "flakeferry/lab", StatusState.PENDING, "building");
          forge.status(COMMIT, "flakeferry/lab", StatusState.SUCCESS, "deployed");
          forge.status(COMMIT, "flakeferry/later", StatusState.WAITING, "lab-1 is busy");
          forge.status(COMMIT, "flakeferry/bad", StatusState.FAILURE, "rolled back");
        });
    assertThat(gitHub.statuses(COMMIT).getLast())
        .extracting(Status::state, Status::description)
        .containsExactly("failure", "rolled back");
    assertThat(forge().status(COMMIT, "flakeferry/lab")).contains(StatusState.SUCCESS);
    assertThat(forge().status(COMMIT, "flakeferry/later")).contains(StatusState.WAITING);
    assertThat(forge().status(COMMIT, "flakeferry/bad")).contains(StatusState.FAILURE);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void findsAStatusOnPagesThatDoNotSayWhetherMoreFollow() {
    for (int i = 0; i < 100; i++) {
      addStatus("other/" + i, "success", "", Duration.ZERO);
    }
    assertThat(forge().status(COMMIT, "flakeferry/lab")).isEmpty();
    addStatus("flakeferry/lab", "success", "", Duration.ZERO);
    assertThat(forge().status(COMMIT, "flakeferry/lab")).contains(StatusState.SUCCESS);
    assertThat(warnings()).isEmpty();
  }

  private void addStatus(String context, String state, String page, Duration ago) {
    gitHub.addStatus(new Status(COMMIT, context, state, "", Optional.of(page), now.minus(ago)));
  }

  @Test
  void keepsOneCommentUpToDate() throws IOException {
    for (int i = 0; i < 120; i++) {
      gitHub.addComment(2, "somebody", "", "<!-- flakeferry:lab -->\nnot ours " + i);
    }
    tell(forge -> forge.comment(2, "lab", "first"));
    gitHub.addComment(2, "somebody", "", "thanks");
    variables = nextRun();
    tell(forge -> forge.comment(2, "lab", "second"));
    tell(forge -> forge.comment(2, "lab", "second"));
    assertThat(gitHub.comments(2))
        .hasSize(122)
        .filteredOn(c -> c.author().equals(jobAccount()))
        .singleElement()
        .extracting(Comment::body, Comment::edits)
        .containsExactly("<!-- flakeferry:lab -->\nsecond", 1);
    assertThat(gitHub.requests())
        .filteredOn(r -> r.method().equals("GET") && r.path().endsWith("/comments"))
        .hasSize(4);
    assertThat(warnings()).isEmpty();
  }

  String jobAccount() {
    return "gitea-actions";
  }

  @Test
  void knowsItsCommentsByWhoseTokenItIs() throws IOException {
    gitHub.account("deployer", "");
    tell(forge -> forge.comment(2, "lab", "first"));
    tell(forge -> forge.comment(2, "lab", "second"));
    assertThat(gitHub.comments(2)).extracting(Comment::author).containsExactly("deployer");
    assertThat(gitHub.comments(2)).extracting(Comment::edits).containsExactly(1);
  }

  @Test
  void readsAllOpenPullRequests() {
    LongStream.rangeClosed(1, 120)
        .forEach(number -> gitHub.putPullRequest(GiteaPayloads.pullRequest(number)));
    gitHub.putPullRequest(GiteaPayloads.withDeletedBranch(60));
    gitHub.putPullRequest(GiteaPayloads.withoutBranch(61));
    List<PullRequest> open = forge().openPullRequests().orElseThrow();
    assertThat(open)
        .hasSize(119)
        .extracting(PullRequest::number)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(open)
        .filteredOn(r -> r.trust() == PullRequest.HeadTrust.UNTRUSTED)
        .extracting(PullRequest::number)
        .containsExactly(61L);
    assertThat(gitHub.requests()).hasSize(3);
    assertThat(forge().pullRequest(60).orElseThrow().open()).isFalse();
    assertThat(forge().pullRequest(61).orElseThrow().open()).isTrue();
  }

  @Test
  void leavesOutWhatThereIsNoPlaceFor() throws IOException {
    tell(
        forge -> {
          forge.checkBegun(COMMIT, "flakeferry", "under way");
          forge.deployment(COMMIT, PRODUCTION, DeploymentState.QUEUED, "", Optional.empty());
          forge.status(COMMIT, "flakeferry/production", StatusState.SUCCESS, "deployed");
          forge.deployment(COMMIT, PRODUCTION, DeploymentState.SUCCESS, "", Optional.empty());
          forge.retire(PRODUCTION, "given back");
          forge.checkEnded(
              COMMIT,
              "flakeferry",
              new CheckResult(CheckConclusion.SUCCESS, "deployed", "", List.of()));
          forge.closeAbandoned(List.of(EARLIER));
        });
    assertThat(requests()).isNotEmpty().allMatch(path -> path.contains("/status"));
    assertThat(warnings()).isEmpty();
    assertThat(summary()).doesNotContain("Not reported");
  }

  @Test
  void endsWhatAKilledRunLeftWhenItMustBeOver() throws IOException {
    String page = gitHub.serverUrl() + "/owner/boards/actions/runs/3";
    addStatus("flakeferry/old", "pending", page, Duration.ofHours(7));
    addStatus("flakeferry/new", "pending", page, Duration.ofHours(5));
    tell(forge -> forge.closeAbandoned(List.of(COMMIT)));
    assertThat(forge().status(COMMIT, "flakeferry/old")).contains(StatusState.ERROR);
    assertThat(forge().status(COMMIT, "flakeferry/new")).contains(StatusState.PENDING);
    assertThat(requests()).noneMatch(path -> path.contains("/actions/"));
  }

  @Test
  void saysOnceWhatTheTokenLacks() throws IOException {
    gitHub.permit(Set.of());
    tell(
        forge -> {
          forge.status(COMMIT, "flakeferry/a", StatusState.SUCCESS, "deployed");
          forge.status(COMMIT, "flakeferry/b", StatusState.SUCCESS, "deployed");
          forge.comment(2, "lab", "first");
          forge.comment(3, "lab", "first");
        });
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("commit statuses, comments", "`write:repository`, `write:issue`");
    assertThat(summary())
        .contains("Not reported to " + dialect().name(), "flakeferry/a", "pull request #3");
  }

  @Test
  void saysWhatIsNotWrittenWithoutAToken() throws IOException {
    variables.remove("INPUT_GITHUB-TOKEN");
    tell(forge -> forge.status(COMMIT, "flakeferry/a", StatusState.SUCCESS, "deployed"));
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("for " + dialect().name() + ": no commit statuses and comments are written.");
  }
}
