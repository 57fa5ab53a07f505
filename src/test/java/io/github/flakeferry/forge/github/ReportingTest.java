package io.github.flakeferry.forge.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.http.Http;
import io.github.flakeferry.support.http.Patience;
import io.github.flakeferry.testbed.GitHubStandIn;
import io.github.flakeferry.testbed.GitHubStandIn.Comment;
import io.github.flakeferry.testbed.GitHubStandIn.Disturbance;
import io.github.flakeferry.testbed.GitHubStandIn.Request;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportingTest {
  private static final GitRevision COMMIT =
      new GitRevision("6113728f27ae82c7b1a177c8d03f9e96e0adf246");

  @TempDir private Path folder;
  private GitHubStandIn gitHub;
  private Map<String, String> variables;
  private Instant now = Instant.parse("2026-11-22T16:00:00Z");
  private final List<Duration> waits = new ArrayList<>();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Http http = new Http();

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("git/owner/boards.git"));
    gitHub = GitHubStandIn.start(folder.resolve("git"), new Secret("t0ken-of-the-job"));
    Path payload = folder.resolve("event.json");
    Files.writeString(
        payload,
        """
        {"ref":"refs/heads/main","after":"%s",
         "repository":{"id":1,"full_name":"owner/boards","default_branch":"main"}}
        """
            .formatted(COMMIT));
    variables = gitHub.runEnvironment("push", payload, folder.resolve("run"));
  }

  @AfterEach
  void stop() {
    gitHub.close();
    http.close();
  }

  private Forge forge() {
    return GitHub.fromEnvironment(
        variables,
        new PrintStream(log, true, UTF_8),
        new Patience(
            Duration.ofSeconds(60),
            () -> now,
            time -> {
              waits.add(time);
              now = now.plus(time);
            }),
        () -> now,
        http);
  }

  private List<String> warnings() {
    return log.toString(UTF_8).lines().filter(l -> l.startsWith("::warning::")).toList();
  }

  private String summary() throws IOException {
    return Files.readString(Path.of(String.valueOf(variables.get("GITHUB_STEP_SUMMARY"))));
  }

  private List<String> writes() {
    return gitHub.requests().stream()
        .filter(r -> !r.method().equals("GET"))
        .map(r -> r.method() + " " + r.status())
        .toList();
  }

  @Test
  void setsAStatusThatLeadsToTheRun() {
    forge().boardStatus(COMMIT, "flakeferry/b1", StatusState.PENDING, "deploying\nnow");
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
    forge().boardStatus(COMMIT, "b1", StatusState.FAILURE, "word ".repeat(40));
    assertThat(gitHub.statuses(COMMIT).getFirst().description())
        .hasSizeBetween(130, 140)
        .endsWith("word…");
  }

  @Test
  void setsTheSameStatusOnce() {
    Forge forge = forge();
    forge.boardStatus(COMMIT, "b1", StatusState.PENDING, "building");
    forge.boardStatus(COMMIT, "B1", StatusState.PENDING, "building");
    forge.boardStatus(COMMIT, "b1", StatusState.PENDING, "building");
    forge.boardStatus(COMMIT, "b1", StatusState.SUCCESS, "deployed");
    assertThat(gitHub.statuses(COMMIT))
        .extracting(Status::state)
        .containsExactly("pending", "pending", "pending", "success");
  }

  @Test
  void keepsOneCommentUpToDateOverRuns() {
    forge().comment(2, "preview", "building");
    forge().comment(2, "preview", "deployed");
    forge().comment(2, "preview", "deployed");
    forge().comment(2, "other", "of another environment");
    assertThat(gitHub.comments(2))
        .extracting(Comment::body)
        .containsExactly(
            "<!-- flakeferry:preview -->\ndeployed",
            "<!-- flakeferry:other -->\nof another environment");
    assertThat(writes()).containsExactly("POST 201", "PATCH 200", "POST 201");
  }

  @Test
  void looksForItsCommentOnceInARun() {
    Forge forge = forge();
    forge.comment(2, "preview", "a");
    forge.comment(2, "preview", "b");
    forge.comment(2, "preview", "b");
    assertThat(gitHub.requests())
        .extracting(Request::method)
        .containsExactly("GET", "GET", "POST", "PATCH");
  }

  @Test
  void findsItsCommentBehindAHundredsOfOthers() {
    for (int i = 0; i < 230; i++) {
      gitHub.addComment(2, "somebody", "User", "comment " + i);
    }
    gitHub.addComment(2, "github-actions[bot]", "Bot", "<!-- flakeferry:preview -->\r\nold\r\n");
    forge().comment(2, "preview", "new");
    assertThat(gitHub.comments(2)).hasSize(231);
    assertThat(gitHub.comments(2).getLast().body()).isEqualTo("<!-- flakeferry:preview -->\nnew");
  }

  @Test
  void writesNothingWhereLineEndsAreAllThatDiffers() {
    gitHub.addComment(2, "github-actions[bot]", "Bot", "<!-- flakeferry:preview -->\r\nsame\r\n");
    forge().comment(2, "preview", "same\n");
    assertThat(writes()).isEmpty();
  }

  @Test
  void writesNothingWhereItsLastLineStandsForTheSame() {
    forge().comment(2, "preview", "busy, at noon\n<!-- says: 0123abcd -->\n");
    forge().comment(2, "preview", "busy, at one\n<!-- says: 0123abcd -->\n");
    assertThat(writes()).containsExactly("POST 201");
    forge().comment(2, "preview", "deployed, at one\n<!-- says: 4567cdef -->\n");
    forge().comment(2, "preview", "a log: <!-- says: 4567cdef -->\n<!-- says: 89ab -->\n");
    forge().comment(2, "preview", "without such a line");
    assertThat(writes()).containsExactly("POST 201", "PATCH 200", "PATCH 200", "PATCH 200");
  }

  @Test
  void leavesACommentWithItsMarkerByAnotherAlone() {
    gitHub.addComment(2, "mallory", "User", "<!-- flakeferry:preview -->\nforged");
    gitHub.addComment(2, "github-actions[bot]", "User", "> <!-- flakeferry:preview -->");
    forge().comment(2, "preview", "true");
    assertThat(gitHub.comments(2)).hasSize(3);
    assertThat(gitHub.comments(2).getFirst().body()).endsWith("forged");
    assertThat(gitHub.comments(2).getLast().body()).endsWith("true");
  }

  @Test
  void knowsAPersonsTokenByItsLogin() {
    gitHub.account("deployer", "User");
    gitHub.addComment(2, "github-actions[bot]", "Bot", "<!-- flakeferry:preview -->\nits own");
    gitHub.addComment(2, "Deployer", "User", "<!-- flakeferry:preview -->\nold");
    forge().comment(2, "preview", "new");
    assertThat(gitHub.comments(2))
        .extracting(c -> c.body().lines().toList().getLast())
        .containsExactly("its own", "new");
  }

  @Test
  void knowsAnAppsCommentAgain() {
    gitHub.account("our-app[bot]", "Bot");
    forge().comment(2, "preview", "old");
    forge().comment(2, "preview", "new");
    assertThat(gitHub.comments(2))
        .singleElement()
        .extracting(Comment::author, Comment::edits)
        .containsExactly("our-app[bot]", 1);
  }

  @Test
  void writesANewCommentWhereItsOwnWasDeletedMeanwhile() {
    Forge forge = forge();
    forge.comment(2, "preview", "a");
    gitHub.deleteComment(gitHub.comments(2).getFirst().id());
    forge.comment(2, "preview", "b");
    assertThat(gitHub.comments(2))
        .extracting(c -> c.body().lines().toList().getLast())
        .containsExactly("b");
  }

  @Test
  void keepsACommentShortEnough() {
    forge().comment(2, "preview", "😀".repeat(40_000));
    assertThat(gitHub.comments(2).getFirst().body())
        .hasSizeBetween(63_990, 64_000)
        .endsWith("*The rest is left out: a comment can't be longer.*\n");
  }

  @Test
  void namesTheMissingPermissionOnceAndGoesOn() throws IOException {
    gitHub.permit(Set.of());
    Forge forge = forge();
    forge.boardStatus(COMMIT, "b1", StatusState.PENDING, "building");
    forge.boardStatus(COMMIT, "b2", StatusState.PENDING, "building");
    forge.comment(2, "preview", "x");
    forge.comment(2, "preview", "y");
    forge.summary("## All");
    assertThat(warnings())
        .hasSize(2)
        .satisfiesExactly(
            w -> assertThat(w).contains("`statuses: write`"),
            w -> assertThat(w).contains("`pull-requests: write`"));
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
    forge.boardStatus(COMMIT, "b1", StatusState.PENDING, "building");
    forge.comment(2, "preview", "x");
    assertThat(warnings()).singleElement().asString().contains("does not take the token");
    assertThat(gitHub.requests()).hasSize(1);
    assertThat(log.toString(UTF_8).lines().filter(l -> l.contains("wrong-t0ken")))
        .containsExactly("::add-mask::wrong-t0ken");
  }

  @Test
  void goesOnWithoutAToken() throws IOException {
    variables.put("INPUT_GITHUB-TOKEN", "");
    Forge forge = forge();
    forge.boardStatus(COMMIT, "b1", StatusState.PENDING, "building");
    forge.comment(2, "preview", "x");
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
    forge().boardStatus(COMMIT, "b1", StatusState.SUCCESS, "deployed");
    assertThat(gitHub.statuses(COMMIT)).hasSize(1);
    assertThat(waits).containsExactly(Duration.ofSeconds(20));
    assertThat(warnings()).isEmpty();
  }

  @Test
  void leavesAGitHubThatIsDownAloneForAWhile() throws IOException {
    for (int i = 0; i < 6; i++) {
      gitHub.disturb(new Disturbance(502, Map.of(), "<html>Unicorn!</html>"));
    }
    Forge forge = forge();
    forge.boardStatus(COMMIT, "b1", StatusState.PENDING, "building");
    forge.boardStatus(COMMIT, "b2", StatusState.PENDING, "building");
    assertThat(gitHub.requests()).hasSize(6);
    now = now.plusSeconds(61);
    forge.boardStatus(COMMIT, "b1", StatusState.SUCCESS, "deployed");
    forge.summary("## All");
    assertThat(gitHub.statuses(COMMIT)).extracting(Status::state).containsExactly("success");
    assertThat(warnings()).singleElement().asString().contains("said 502");
    assertThat(summary())
        .contains("- commit status b1 on 6113728f: pending")
        .doesNotContain("success");
  }

  @Test
  void goesOnWhereNobodyAnswers() {
    variables.put("GITHUB_API_URL", "http://127.0.0.1:1");
    forge().boardStatus(COMMIT, "b1", StatusState.PENDING, "building");
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("127.0.0.1:1 did not answer: the connection was refused");
  }

  @Test
  void doesNotCommentTwiceWhereTheAnswerWasLost() {
    forge().comment(2, "other", "so that the identity is known");
    gitHub.addComment(3, "github-actions[bot]", "Bot", "unrelated");
    // found nothing, then the creation was answered by a closed connection: it looks again
    Forge forge = forge();
    gitHub.disturb(new Disturbance(403, Map.of(), "{\"message\":\"no user\"}"));
    gitHub.disturb(new Disturbance(200, Map.of(), "[]"));
    gitHub.disturb(new Disturbance(0, Map.of(), ""));
    gitHub.addComment(3, "github-actions[bot]", "Bot", "<!-- flakeferry:preview -->\nx");
    forge.comment(3, "preview", "x");
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
      forge().comment(2, "preview", "x");
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
      forge().boardStatus(COMMIT, "b1", StatusState.SUCCESS, "deployed");
      assertThat(elsewhere.requests()).isEmpty();
      assertThat(warnings()).singleElement().asString().contains("said 307");
    }
  }
}
