package io.github.flakeferry.forge.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.forge.actions.Manners;
import io.github.flakeferry.forge.actions.Naps;
import io.github.flakeferry.forge.actions.ReportsFixture;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.testbed.GitHubStandIn;
import io.github.flakeferry.testbed.GitHubStandIn.Comment;
import io.github.flakeferry.testbed.GitHubStandIn.Disturbance;
import io.github.flakeferry.testbed.GitHubStandIn.Request;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ReportingTest extends ReportsFixture {
  @Test
  void setsAStatusThatLeadsToTheRun() {
    tell(f -> f.status(COMMIT, "flakeferry/b1", StatusState.PENDING, "deploying\nnow"));
    assertThat(gitHub.statuses(COMMIT))
        .singleElement()
        .satisfies(
            s -> {
              assertThat(s.context()).isEqualTo("flakeferry/b1");
              assertThat(s.state()).isEqualTo("pending");
              assertThat(s.description()).isEqualTo("deploying now");
              assertThat(s.targetUrl())
                  .contains(gitHub.serverUrl() + "/owner/boards/actions/runs/19600000001");
            });
    assertThat(warnings()).isEmpty();
  }

  @Test
  void cutsADescriptionAtAWord() {
    tell(f -> f.status(COMMIT, "b1", StatusState.FAILURE, "word ".repeat(40)));
    assertThat(gitHub.statuses(COMMIT).getFirst().description())
        .hasSizeBetween(130, 140)
        .endsWith("word…");
  }

  @Test
  void setsTheSameStatusOnce() {
    Forge forge = forge();
    tell(forge, f -> f.status(COMMIT, "b1", StatusState.PENDING, "building"));
    tell(forge, f -> f.status(COMMIT, "B1", StatusState.PENDING, "building"));
    tell(forge, f -> f.status(COMMIT, "b1", StatusState.PENDING, "building"));
    tell(forge, f -> f.status(COMMIT, "b1", StatusState.SUCCESS, "deployed"));
    assertThat(gitHub.statuses(COMMIT))
        .extracting(Status::state)
        .containsExactly("pending", "pending", "pending", "success");
  }

  @Test
  void keepsOneCommentUpToDateOverRuns() {
    tell(f -> f.comment(2, "preview", "building"));
    tell(f -> f.comment(2, "preview", "deployed"));
    tell(f -> f.comment(2, "preview", "deployed"));
    tell(f -> f.comment(2, "other", "of another environment"));
    assertThat(gitHub.comments(2))
        .extracting(Comment::body)
        .containsExactly(
            "<!-- flakeferry:preview -->\ndeployed",
            "<!-- flakeferry:other -->\nof another environment");
    assertThat(writes()).containsExactly("POST 201", "PATCH 200", "POST 201");
  }

  @Test
  void tellsNobodyAgainWhoWasNeverTold() {
    tell(f -> f.commentAgain(2, "preview", "over"));
    assertThat(gitHub.comments(2)).isEmpty();
    tell(f -> f.comment(2, "preview", "deployed"));
    tell(f -> f.commentAgain(2, "preview", "over"));
    assertThat(gitHub.comments(2))
        .extracting(Comment::body)
        .containsExactly("<!-- flakeferry:preview -->\nover");
  }

  @Test
  void looksForItsCommentOnceInARun() {
    Forge forge = forge();
    tell(forge, f -> f.comment(2, "preview", "a"));
    tell(forge, f -> f.comment(2, "preview", "b"));
    tell(forge, f -> f.comment(2, "preview", "b"));
    assertThat(gitHub.requests())
        .extracting(Request::method)
        .containsExactly("GET", "GET", "POST", "GET", "PATCH");
  }

  @Test
  void findsItsCommentBehindAHundredsOfOthers() {
    for (int i = 0; i < 230; i++) {
      gitHub.addComment(2, "somebody", "User", "comment " + i);
    }
    gitHub.addComment(2, "github-actions[bot]", "Bot", "<!-- flakeferry:preview -->\r\nold\r\n");
    tell(f -> f.comment(2, "preview", "new"));
    assertThat(gitHub.comments(2)).hasSize(231);
    assertThat(gitHub.comments(2).getLast().body()).isEqualTo("<!-- flakeferry:preview -->\nnew");
  }

  @Test
  void writesNothingWhereLineEndsAreAllThatDiffers() {
    gitHub.addComment(2, "github-actions[bot]", "Bot", "<!-- flakeferry:preview -->\r\nsame\r\n");
    tell(f -> f.comment(2, "preview", "same\n"));
    assertThat(writes()).isEmpty();
  }

  @Test
  void writesNothingWhereItsLastLineStandsForTheSame() {
    tell(f -> f.comment(2, "preview", "busy, at noon\n<!-- says: 0123abcd -->\n"));
    tell(f -> f.comment(2, "preview", "busy, at one\n<!-- says: 0123abcd -->\n"));
    assertThat(writes()).containsExactly("POST 201");
    tell(f -> f.comment(2, "preview", "deployed, at one\n<!-- says: 4567cdef -->\n"));
    tell(f -> f.comment(2, "preview", "a log: <!-- says: 4567cdef -->\n<!-- says: 89ab -->\n"));
    tell(f -> f.comment(2, "preview", "without such a line"));
    assertThat(writes()).containsExactly("POST 201", "PATCH 200", "PATCH 200", "PATCH 200");
  }

  @Test
  void leavesACommentWithItsMarkerByAnotherAlone() {
    gitHub.addComment(2, "mallory", "User", "<!-- flakeferry:preview -->\nforged");
    for (String account : List.of("github-actions[bot]", "gitea-actions", "forgejo-actions")) {
      gitHub.addComment(2, account, "User", "<!-- flakeferry:preview -->\nforged");
    }
    gitHub.addComment(2, "github-actions[bot]", "Bot", "> <!-- flakeferry:preview -->");
    tell(f -> f.comment(2, "preview", "true"));
    assertThat(gitHub.comments(2)).hasSize(6).filteredOn(c -> c.edits() > 0).isEmpty();
    assertThat(gitHub.comments(2).getLast().body()).endsWith("true");
  }

  @Test
  void writesACommentOfItsOwnWhereItMayNotChangeTheOneThatLooksLikeIt() {
    gitHub.disturb(new Disturbance(403, Map.of(), "{}"));
    gitHub.disturb(
        new Disturbance(
            200,
            Map.of(),
            """
            [{"id": 7, "user": {"login": "github-actions[bot]", "type": "Bot"},
              "body": "<!-- flakeferry:preview -->\\nold"}]
            """));
    gitHub.disturb(new Disturbance(403, Map.of(), "{}"));
    tell(f -> f.comment(2, "preview", "new"));
    assertThat(gitHub.comments(2))
        .extracting(Comment::body)
        .singleElement()
        .asString()
        .endsWith("new");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void knowsAPersonsTokenByItsLogin() {
    gitHub.account("deployer", "User");
    gitHub.addComment(2, "github-actions[bot]", "Bot", "<!-- flakeferry:preview -->\nits own");
    gitHub.addComment(2, "Deployer", "User", "<!-- flakeferry:preview -->\nold");
    tell(f -> f.comment(2, "preview", "new"));
    assertThat(gitHub.comments(2))
        .extracting(c -> c.body().lines().toList().getLast())
        .containsExactly("its own", "new");
  }

  @Test
  void knowsAnAppsCommentAgain() {
    gitHub.account("our-app[bot]", "Bot");
    tell(f -> f.comment(2, "preview", "old"));
    tell(f -> f.comment(2, "preview", "new"));
    assertThat(gitHub.comments(2))
        .singleElement()
        .extracting(Comment::author, Comment::edits)
        .containsExactly("our-app[bot]", 1);
  }

  @Test
  void writesANewCommentWhereItsOwnWasDeletedMeanwhile() {
    Forge forge = forge();
    tell(forge, f -> f.comment(2, "preview", "a"));
    gitHub.deleteComment(gitHub.comments(2).getFirst().id());
    tell(forge, f -> f.comment(2, "preview", "b"));
    assertThat(gitHub.comments(2))
        .extracting(c -> c.body().lines().toList().getLast())
        .containsExactly("b");
  }

  @Test
  void keepsACommentShortEnough() {
    tell(f -> f.comment(2, "preview", "😀".repeat(40_000)));
    assertThat(gitHub.comments(2).getFirst().body())
        .hasSizeBetween(63_990, 64_000)
        .endsWith("*The rest is left out: a comment can't be longer.*\n");
  }

  @Test
  void namesTheMissingPermissionOnceAndGoesOn() throws IOException {
    gitHub.permit(Set.of());
    Forge forge = forge();
    forge.status(COMMIT, "b1", StatusState.PENDING, "building");
    forge.status(COMMIT, "b2", StatusState.PENDING, "building");
    forge.comment(2, "preview", "x");
    forge.comment(2, "preview", "y");
    forge.summary("## All");
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("commit statuses, comments", "`statuses: write`, `pull-requests: write`");
    assertThat(writes()).containsExactly("POST 403", "POST 403");
    assertThat(summary())
        .startsWith("## All")
        .contains("'statuses: write'")
        .contains("- commit status b1 on 6113728f: pending")
        .contains("- commit status b2 on 6113728f: pending")
        .contains("- comment on pull request #2");
  }

  @Test
  void saysThatTheTokenIsWrong() {
    variables.put("INPUT_GITHUB-TOKEN", "wrong-t0ken");
    Forge forge = forge();
    tell(forge, f -> f.status(COMMIT, "b1", StatusState.PENDING, "building"));
    tell(forge, f -> f.comment(2, "preview", "x"));
    assertThat(warnings()).singleElement().asString().contains("does not take the token");
    assertThat(gitHub.requests()).hasSize(1);
    assertThat(log.toString(UTF_8).lines().filter(l -> l.contains("wrong-t0ken")))
        .containsExactly("::add-mask::wrong-t0ken");
  }

  @Test
  void goesOnWithoutAToken() throws IOException {
    variables.put("INPUT_GITHUB-TOKEN", "");
    Forge forge = forge();
    tell(forge, f -> f.status(COMMIT, "b1", StatusState.PENDING, "building"));
    tell(forge, f -> f.comment(2, "preview", "x"));
    forge.summary("## All");
    assertThat(forge.token()).isEmpty();
    assertThat(warnings()).singleElement().asString().contains("There is no token");
    assertThat(summary()).contains("- comment on pull request #2");
    assertThat(gitHub.requests()).isEmpty();
  }

  @Test
  void waitsForALimitAndSaysNothing() {
    gitHub.disturb(
        new Disturbance(
            403,
            Map.of("Retry-After", "20"),
            "{\"message\":\"You have exceeded a secondary rate limit.\"}"));
    tell(f -> f.status(COMMIT, "b1", StatusState.SUCCESS, "deployed"));
    assertThat(gitHub.statuses(COMMIT)).hasSize(1);
    assertThat(waits).containsExactly(Duration.ofSeconds(20));
    assertThat(warnings()).isEmpty();
  }

  @Test
  void waitsUntilThereAreRequestsLeft() {
    // the limit is reset by the machine's clock
    gitHub.limit(0, Instant.now().plusSeconds(2));
    tell(
        forge(variables, Manners.good(Thread::sleep)),
        f -> f.status(COMMIT, "b1", StatusState.SUCCESS, "deployed"));
    assertThat(gitHub.statuses(COMMIT)).hasSize(1);
    assertThat(gitHub.requests()).extracting(Request::status).startsWith(403).endsWith(201);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void doesNotTakeALimitForAMissingPermission() throws IOException {
    gitHub.limit(0, now.plus(Duration.ofDays(365 * 20)));
    tell(f -> f.status(COMMIT, "b1", StatusState.SUCCESS, "deployed"));
    assertThat(warnings()).singleElement().asString().contains("late", "rate limit exceeded");
    assertThat(summary()).contains("- commit status b1 on 6113728f: success");
  }

  @Test
  void triesAgainWhatAGitHubThatWasDownDidNotTake() throws IOException {
    for (int i = 0; i < 6; i++) {
      gitHub.disturb(new Disturbance(502, Map.of(), "<html>Unicorn!</html>"));
    }
    Forge forge = forge();
    forge.status(COMMIT, "b1", StatusState.PENDING, "building");
    await(() -> gitHub.requests().size() == 6);
    forge.status(COMMIT, "b2", StatusState.PENDING, "building");
    forge.summary("## All");
    assertThat(gitHub.statuses(COMMIT)).extracting(Status::context).containsExactly("b1", "b2");
    assertThat(warnings()).singleElement().asString().contains("said 502");
    assertThat(summary()).doesNotContain("- commit status");
  }

  @Test
  void laterReportsMakeUpForThoseThatWereLost() throws IOException {
    gitHub.disturb(new Disturbance(422, Map.of(), "{\"message\":\"Validation Failed\"}"));
    Forge forge = forge();
    tell(forge, f -> f.status(COMMIT, "b1", StatusState.PENDING, "building"));
    assertThat(summary()).contains("- commit status b1 on 6113728f: pending");
    tell(forge, f -> f.status(COMMIT, "b1", StatusState.SUCCESS, "deployed"));
    assertThat(summary()).doesNotContain("- commit status");
  }

  @Test
  void writesOneAfterAnotherASecondApart() {
    tell(
        f -> {
          f.status(COMMIT, "b1", StatusState.SUCCESS, "deployed");
          f.status(COMMIT, "b2", StatusState.SUCCESS, "deployed");
          f.comment(2, "preview", "deployed");
        });
    assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
  }

  @Test
  void keepsWritesApartByTheMachinesClock() {
    tell(
        forge(variables, Manners.good(Thread::sleep)),
        f -> {
          f.status(COMMIT, "b1", StatusState.SUCCESS, "deployed");
          f.status(COMMIT, "b2", StatusState.SUCCESS, "deployed");
        });
    List<Instant> at = gitHub.requests().stream().map(Request::at).toList();
    assertThat(Duration.between(at.getFirst(), at.getLast())).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void sendsOnlyTheLatestOfWhatWaits() {
    var busy = new CountDownLatch(1);
    Forge forge =
        forge(
            variables,
            new Manners(
                Duration.ofSeconds(1),
                () -> now,
                time -> {
                  busy.await();
                  now = now.plus(time);
                }));
    // the first goes out at once, the second waits for its turn, and those behind it change
    forge.status(COMMIT, "b1", StatusState.PENDING, "building");
    forge.status(COMMIT, "b2", StatusState.PENDING, "building");
    await(() -> gitHub.requests().size() == 1);
    forge.status(COMMIT, "b3", StatusState.PENDING, "building");
    forge.comment(2, "preview", "building");
    forge.comment(2, "preview", "deployed");
    forge.status(COMMIT, "b3", StatusState.SUCCESS, "deployed");
    busy.countDown();
    forge.summary("");
    assertThat(gitHub.statuses(COMMIT))
        .extracting(s -> s.context() + " " + s.state())
        .containsExactly("b1 pending", "b2 pending", "b3 success");
    assertThat(gitHub.comments(2)).extracting(Comment::edits).containsExactly(0);
  }

  @Test
  void hurriesWhenTheProcessIsAboutToBeEnded() {
    var naps = new Naps();
    var forge =
        forge(variables, new Manners(Duration.ofHours(1), InstantSource.system(), naps), naps::end);
    for (int i = 0; i < 12; i++) {
      forge.status(COMMIT, "b" + i, StatusState.ERROR, "cancelled");
    }
    await(() -> gitHub.requests().size() == 1);
    Thread.currentThread().interrupt();
    forge.hurry();
    forge.summary("");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(gitHub.statuses(COMMIT)).hasSize(12);
  }

  @Test
  void whereThereIsNoTimeTellsFirstWhatOthersWaitForAndBeginsNothing() {
    var naps = new Naps();
    var forge =
        forge(variables, new Manners(Duration.ofHours(1), InstantSource.system(), naps), naps::end);
    var production = new EnvironmentRef("production", Optional.empty());
    forge.status(COMMIT, "flakeferry/production", StatusState.PENDING, "building");
    await(() -> gitHub.requests().size() == 1);
    forge.comment(2, "preview", "building");
    // it has looked for an earlier one, and waits for its turn to write
    await(() -> gitHub.requests().size() == 3);
    forge.closeAbandoned(List.of(EARLIER));
    forge.deployment(COMMIT, production, DeploymentState.QUEUED, "building", Optional.empty());
    forge.checkBegun(COMMIT, "flakeferry", "under way");
    forge.status(COMMIT, "flakeferry/production", StatusState.ERROR, "cancelled");
    forge.hurry();
    forge.summary("");
    assertThat(gitHub.requests().stream().filter(r -> r.method().equals("POST")))
        .extracting(r -> r.path().replaceFirst(".*/boards/([a-z]+)/.*", "$1"))
        .containsExactly("statuses", "issues", "statuses");
    assertThat(gitHub.deployments()).isEmpty();
    assertThat(gitHub.checkRuns(COMMIT)).isEmpty();
    assertThat(warnings()).isEmpty();
  }

  @Test
  void asksAgainByTheTagOfWhatItKnows() {
    Forge forge = forge();
    gitHub.addStatus(
        new Status(
            COMMIT, "flakeferry/lab", "pending", "waiting: x", Optional.empty(), Instant.EPOCH));
    assertThat(forge.status(COMMIT, "flakeferry/lab")).contains(StatusState.WAITING);
    assertThat(forge.status(COMMIT, "flakeferry/lab")).contains(StatusState.WAITING);
    gitHub.addStatus(
        new Status(COMMIT, "flakeferry/lab", "pending", "at it", Optional.empty(), Instant.EPOCH));
    assertThat(forge.status(COMMIT, "flakeferry/lab")).contains(StatusState.PENDING);
    assertThat(gitHub.requests()).extracting(Request::status).containsExactly(200, 304, 200);
  }

  @Test
  void goesOnWhereNobodyAnswers() {
    variables.put("GITHUB_API_URL", "http://127.0.0.1:1");
    tell(f -> f.status(COMMIT, "b1", StatusState.PENDING, "building"));
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("127.0.0.1:1 did not answer: the connection was refused");
  }

  @Test
  void doesNotCommentTwiceWhereTheAnswerWasLost() {
    tell(f -> f.comment(2, "other", "so that the identity is known"));
    gitHub.addComment(3, "github-actions[bot]", "Bot", "unrelated");
    // found nothing, then the creation was answered by a closed connection: it looks again
    Forge forge = forge();
    gitHub.disturb(new Disturbance(403, Map.of(), "{\"message\":\"no user\"}"));
    gitHub.disturb(new Disturbance(200, Map.of(), "[]"));
    gitHub.disturb(new Disturbance(0, Map.of(), ""));
    gitHub.addComment(3, "github-actions[bot]", "Bot", "<!-- flakeferry:preview -->\nx");
    tell(forge, f -> f.comment(3, "preview", "x"));
    assertThat(gitHub.comments(3)).hasSize(2);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void neverFollowsALinkWithTheToken() throws IOException {
    try (var elsewhere =
        GitHubStandIn.start(folder.resolve("git"), new Secret("t0ken-of-the-job"))) {
      gitHub.disturb(new Disturbance(403, Map.of(), "{}"));
      gitHub.disturb(
          new Disturbance(
              200,
              Map.of(
                  "Link",
                  "<"
                      + elsewhere.apiUrl()
                      + "/repos/owner/boards/issues/2/comments?page=2>; rel=\"next\""),
              "[]"));
      tell(f -> f.comment(2, "preview", "x"));
      assertThat(elsewhere.requests()).isEmpty();
      assertThat(gitHub.requests()).extracting(Request::query).contains("per_page=100&page=2");
      assertThat(gitHub.comments(2)).hasSize(1);
    }
  }

  @Test
  void toldToGoElsewhereStaysWhereItIs() throws IOException {
    try (var elsewhere =
        GitHubStandIn.start(folder.resolve("git"), new Secret("t0ken-of-the-job"))) {
      gitHub.disturb(
          new Disturbance(
              307,
              Map.of("Location", elsewhere.apiUrl() + "/repos/owner/boards/statuses/" + COMMIT),
              ""));
      tell(f -> f.status(COMMIT, "b1", StatusState.SUCCESS, "deployed"));
      assertThat(elsewhere.requests()).isEmpty();
      assertThat(warnings()).singleElement().asString().contains("said 307");
    }
  }
}
