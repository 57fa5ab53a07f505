package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.testbed.GitHubStandIn.Comment;
import io.github.flakeferry.testbed.GitHubStandIn.RequestJudge;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The life of a preview, from the events of its pull request to the board. */
final class PreviewJobIT extends JobIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final SigningKey PREVIEWS = SigningKey.generate("previews-1");
  private static final long OURS = 7;
  private static final String OF_OURS = "refs/pull/7/head";

  private final AtomicInteger questions = new AtomicInteger();
  private int closedAtQuestion = Integer.MAX_VALUE;
  private String change = "closed";
  private StorePath before;
  private GitRevision main;

  @Override
  RequestJudge judge() throws IOException {
    var published = super.judge();
    return (method, path, query, body) -> {
      published.judge(method, path, query, body);
      if (path.endsWith("/pulls/" + OURS) && questions.incrementAndGet() == closedAtQuestion) {
        close();
      }
    };
  }

  @Override
  String policy() throws IOException {
    return rehearsal
        .policy(
            """
              preview:
                on: pull_request
                boards: main-job
            """)
        .replaceFirst("(?s)  production:.*?  preview:", "  preview:");
  }

  @BeforeEach
  void pushBase() throws IOException {
    before = board.currentSystem();
    main = rehearsal.push("Begin", MAIN);
  }

  @Test
  void aPullRequestGetsABoardKeepsItAndGivesItBack() throws IOException {
    GitRevision head = push("Hello from a pull request", OF_OURS);

    RehearsedRun opened = run("opened", head);
    assertThat(opened.exitCode()).as(opened.logText()).isZero();
    assertThat(hello()).isEqualTo("Hello from a pull request");
    assertThat(board.profileSystem()).isEqualTo(before);
    assertThat(rehearsal.github().comments(OURS))
        .singleElement()
        .extracting(Comment::body)
        .asString()
        .contains("**Try it** on `main-job`", "root@" + board.address().host());
    assertThat(lastState(head)).isEqualTo("success");

    GitRevision next = push("Hello once more", OF_OURS);
    RehearsedRun late = run("synchronize", head);
    assertThat(late.exitCode()).as(late.logText()).isEqualTo(13);
    assertThat(hello()).isEqualTo("Hello from a pull request");
    RehearsedRun updated = run("synchronize", next);
    assertThat(updated.exitCode()).as(updated.logText()).isZero();
    assertThat(hello()).isEqualTo("Hello once more");
    assertThat(rehearsal.github().comments(OURS)).hasSize(1);

    closedAtQuestion = questions.get() + 1;
    change = "reopened";
    RehearsedRun outOfOrder = run("closed", next);
    assertThat(outOfOrder.exitCode()).as(outOfOrder.logText()).isZero();
    assertThat(outOfOrder.logText()).contains("nothing is given back");
    assertThat(hello()).isEqualTo("Hello once more");
    assertThat(rehearsal.github().comments(OURS).getFirst().body()).contains("**Try it**");

    RehearsedRun closed = run("closed", next);
    assertThat(closed.exitCode()).as(closed.logText()).isZero();
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(rehearsal.github().comments(OURS))
        .singleElement()
        .extracting(Comment::body)
        .asString()
        .contains("given back");
  }

  @Test
  void oneThatIsClosedDuringItsBuildKeepsNoBoard() throws IOException {
    GitRevision head = push("Hello for a moment", OF_OURS);
    closedAtQuestion = 1;
    RehearsedRun beforeTheBoard = run("opened", head);
    assertThat(beforeTheBoard.exitCode()).as(beforeTheBoard.logText()).isEqualTo(13);
    assertThat(beforeTheBoard.logText()).contains("was closed while").doesNotContain("Preview:");
    assertThat(lastState(head)).isEqualTo("failure");

    questions.set(0);
    closedAtQuestion = 2;
    RehearsedRun withTheBoard = run("reopened", head);
    assertGivenBack(withTheBoard, "was closed while");

    questions.set(0);
    change = "draft";
    RehearsedRun drafted = run("reopened", head);
    assertGivenBack(drafted, "was made a draft");
  }

  private void assertGivenBack(RehearsedRun run, String why) throws IOException {
    assertThat(run.exitCode()).as(run.logText()).isEqualTo(13);
    assertThat(run.logText()).contains("Give back:", why);
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(board.run("ls /nix/var/flakeferry").output()).doesNotContain("lease");
  }

  @Test
  void aForkIsBuiltOnlyUntilSomebodyAsksForItsPresentHead() throws IOException {
    GitRevision first = push("Hello from a fork", OF_OURS);
    var fork = payload("opened", first);
    ((ObjectNode) fork.at("/pull_request/head/repo")).put("id", 99).put("fork", true);

    RehearsedRun opened = run("pull_request", fork);
    assertThat(opened.exitCode()).as(opened.logText()).isZero();
    assertThat(opened.summary()).contains("comes from a fork");
    assertThat(board.currentSystem()).isEqualTo(before);
    // what was built before may be read, and nothing is written
    assertThat(rehearsal.cache().requests()).allMatch(r -> r.method().equals("GET"));

    // what it says of boards, hooks and caches is not heeded, whoever has read it
    rehearsal.write(
        "flakeferry.yml",
        Files.readString(rehearsal.flake().folder().resolve("flakeferry.yml"))
            .replace("host: " + board.address().host(), "host: 192.0.2.1")
            .replace(
                "boards: main-job", "boards: main-job\n    health: { command: touch /pwned }"));
    GitRevision head = push("Hello from a fork that was read", OF_OURS);
    RehearsedRun stale = dispatch(MAIN, first);
    assertThat(stale.exitCode()).as(stale.logText()).isEqualTo(11);
    assertThat(stale.logText()).contains(OF_OURS + " is " + head);
    RehearsedRun byBranch = dispatch("refs/heads/topic", head);
    assertThat(byBranch.exitCode()).as(byBranch.logText()).isEqualTo(2);
    assertThat(board.currentSystem()).isEqualTo(before);

    RehearsedRun asked = dispatch(MAIN, head);
    assertThat(asked.exitCode()).as(asked.logText()).isZero();
    assertThat(hello()).isEqualTo("Hello from a fork that was read");
    assertThat(board.run("ls /").output()).contains("nix").doesNotContain("pwned");

    var closed = payload("closed", head);
    ((ObjectNode) closed.at("/pull_request/head/repo")).put("id", 99).put("fork", true);
    RehearsedRun withoutKeys = run("pull_request", closed);
    assertThat(withoutKeys.exitCode()).as(withoutKeys.logText()).isZero();
    assertThat(withoutKeys.summary()).contains("the next scheduled run gives it back");
    RehearsedRun swept = sweep();
    assertThat(swept.exitCode()).as(swept.logText()).isZero();
    assertThat(board.currentSystem()).isEqualTo(before);
  }

  @Test
  void aSweepFindsWhatALostEventLeftAndLendsTheBoardToWhoeverWaits() throws IOException {
    GitRevision head = push("Hello from the first", OF_OURS);
    RehearsedRun first = run("opened", head);
    assertThat(first.exitCode()).as(first.logText()).isZero();
    GitRevision second = push("Hello from the second", "refs/pull/8/head");

    RehearsedRun waits = run("pull_request", of(8, payload("opened", second)));
    assertThat(waits.exitCode()).as(waits.logText()).isZero();
    assertThat(waits.logText()).contains("lent to demo/boards#7");
    assertThat(lastState(second)).isEqualTo("pending");
    assertThat(hello()).isEqualTo("Hello from the first");
    RehearsedRun nothingNew = sweep();
    assertThat(nothingNew.exitCode()).as(nothingNew.logText()).isZero();
    assertThat(hello()).isEqualTo("Hello from the first");

    // an older one of a fork, which has taken the other's commit for its head
    var fork = of(5, payload("opened", second)).path("pull_request");
    ((ObjectNode) fork.at("/head/repo")).put("id", 99).put("fork", true);
    rehearsal.github().putPullRequest(fork);
    // no run hears of it
    rehearsal.github().putPullRequest(payload("closed", head).path("pull_request"));
    RehearsedRun swept = sweep();

    assertThat(swept.exitCode()).as(swept.logText()).isZero();
    assertThat(hello()).isEqualTo("Hello from the second");
    assertThat(lastState(second)).isEqualTo("success");
    assertThat(rehearsal.github().comments(8))
        .singleElement()
        .extracting(Comment::body)
        .asString()
        .contains("**Try it** on `main-job`");

    var draft = of(8, payload("opened", second)).path("pull_request");
    rehearsal.github().putPullRequest(((ObjectNode) draft).put("draft", true));
    RehearsedRun drafted = sweep();
    assertThat(drafted.exitCode()).as(drafted.logText()).isZero();
    assertThat(board.currentSystem()).isEqualTo(before);
  }

  @Test
  void oneThatIsClosedWhileItWaitsWaitsNoMoreAndNobodyIsToldThatItHadNothing() throws IOException {
    GitRevision head = push("Hello from one that waits", OF_OURS);
    rehearsal
        .github()
        .addStatus(
            new Status(
                head,
                "flakeferry/preview",
                "pending",
                "waiting: waits for a board",
                Optional.empty(),
                Instant.now()));

    // another pull request with the same head waits on
    rehearsal.github().putPullRequest(of(8, payload("opened", head)).path("pull_request"));
    RehearsedRun first = run("closed", head);
    assertThat(first.exitCode()).as(first.logText()).isZero();
    assertThat(lastState(head)).isEqualTo("pending");
    RehearsedRun second = run("pull_request", of(8, payload("closed", head)));
    assertThat(second.exitCode()).as(second.logText()).isZero();

    assertThat(lastState(head)).isEqualTo("success");
    assertThat(rehearsal.github().comments(7)).isEmpty();
    assertThat(rehearsal.github().comments(8)).isEmpty();
  }

  @Test
  void aForkThatWasAskedForByHandGetsTheBoardItWaitsForAndOnlyForThatCommit() throws IOException {
    GitRevision first = push("Hello from the first", "refs/pull/8/head");
    RehearsedRun ours = run("pull_request", of(8, payload("opened", first)));
    assertThat(ours.exitCode()).as(ours.logText()).isZero();
    GitRevision read = push("Hello from a fork that was read", OF_OURS);
    rehearsal.github().putPullRequest(fork(read));
    RehearsedRun asked = dispatch(MAIN, read);
    assertThat(asked.exitCode()).as(asked.logText()).isZero();
    assertThat(rehearsal.github().statuses(read).getLast().description())
        .startsWith("waiting: #7 by hand: waits for a board: main-job is lent to demo/boards#8");
    GitRevision unread = push("Hello from a fork that nobody read", OF_OURS);
    rehearsal.github().putPullRequest(fork(unread));
    rehearsal.github().putPullRequest(of(8, payload("closed", first)).path("pull_request"));

    RehearsedRun other = sweep();
    assertThat(other.exitCode()).as(other.logText()).isZero();
    assertThat(board.currentSystem()).isEqualTo(before);

    rehearsal.git("push", "-q", "--force", rehearsal.repository().toString(), read + ":" + OF_OURS);
    rehearsal.github().putPullRequest(fork(read));
    RehearsedRun swept = sweep();
    assertThat(swept.exitCode()).as(swept.logText()).isZero();
    assertThat(hello()).isEqualTo("Hello from a fork that was read");
  }

  private static JsonNode fork(GitRevision head) throws IOException {
    var payload = payload("opened", head);
    ((ObjectNode) payload.at("/pull_request/head/repo")).put("id", 99).put("fork", true);
    return payload.path("pull_request");
  }

  private RehearsedRun sweep() throws IOException {
    var payload = JSON.createObjectNode().put("schedule", "17 * * * *");
    payload.set("repository", payload("opened", main).path("repository"));
    return run("schedule", payload);
  }

  private static ObjectNode of(long number, ObjectNode payload) {
    payload.put("number", number);
    ((ObjectNode) payload.path("pull_request")).put("number", number);
    return payload;
  }

  private GitRevision push(String message, String ref) throws IOException {
    rehearsal.flake().change(Variation.FIRST.message(message));
    return rehearsal.push(message, ref);
  }

  private String lastState(GitRevision commit) {
    return rehearsal.github().statuses(commit).stream()
        .map(Status::state)
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private String hello() throws IOException {
    return board.run("/run/current-system/sw/bin/hello").orThrow().output().strip();
  }

  private void close() {
    // only what is asked for is read
    var now = (ObjectNode) pull.deepCopy();
    rehearsal
        .github()
        .putPullRequest(
            switch (change) {
              case "draft" -> now.put("draft", true);
              case "reopened" -> now.put("state", "open");
              default -> now.put("state", "closed");
            });
  }

  private JsonNode pull = JSON.createObjectNode();

  private RehearsedRun run(String action, GitRevision head) throws IOException {
    return run("pull_request", payload(action, head));
  }

  private RehearsedRun run(String event, JsonNode payload) throws IOException {
    pull = payload.path("pull_request");
    if (pull.isObject()) {
      rehearsal.github().putPullRequest(pull);
    }
    Path file = rehearsal.folder().resolve("event.json");
    Files.writeString(file, payload.toString());
    var environment = rehearsal.environment(event, file);
    environment.put("FLAKEFERRY_PULL_REQUEST_SIGNING_KEY", PREVIEWS.export().reveal());
    if (!event.equals("pull_request")) {
      environment.put("GITHUB_SHA", main.value());
      environment.put("GITHUB_REF", MAIN);
    }
    return RehearsedRun.of(BuiltProgram.words("run"), environment);
  }

  private static ObjectNode payload(String action, GitRevision head) throws IOException {
    return PullRequestPayload.of(action, OURS, head);
  }

  private RehearsedRun dispatch(String ref, GitRevision commit) throws IOException {
    var payload = JSON.createObjectNode().put("ref", ref);
    payload
        .putObject("inputs")
        .put("pull-request", Long.toString(OURS))
        .put("commit", commit.value());
    payload.set("repository", payload("opened", commit).path("repository"));
    return run("workflow_dispatch", payload);
  }
}
