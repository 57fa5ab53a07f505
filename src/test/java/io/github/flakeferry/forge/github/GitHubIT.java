package io.github.flakeferry.forge.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.forge.actions.ActionsForge;
import io.github.flakeferry.forge.actions.Manners;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.pipeline.Narrowing;
import io.github.flakeferry.pipeline.PlanJson;
import io.github.flakeferry.pipeline.Planner;
import io.github.flakeferry.pipeline.Refused;
import io.github.flakeferry.support.http.Http;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.GitHubStandIn;
import io.github.flakeferry.testbed.PublishedDescriptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Against what GitHub publishes about itself, and Git. */
final class GitHubIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Secret TOKEN = new Secret("t0ken-of-the-job");

  @TempDir private Path folder;
  private Path repositories;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @BeforeEach
  void makeFolder() throws IOException {
    repositories = Files.createDirectories(folder.resolve("repositories"));
  }

  /** A bare repository with one commit on main. */
  private GitRevision repository(String fullName) throws IOException {
    Path bare = repositories.resolve(fullName + ".git");
    Path work = folder.resolve("work");
    git(folder, "init", "-q", "-b", "main", work.toString());
    Files.writeString(work.resolve("flake.nix"), "{ outputs = _: { }; }\n");
    git(work, "add", "flake.nix");
    git(work, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-q", "-m", "one");
    git(folder, "clone", "-q", "--bare", work.toString(), bare.toString());
    return new GitRevision(
        Command.of("git", "rev-parse", "HEAD").in(work).run().orThrow().output().strip());
  }

  private static void git(Path in, String... words) throws IOException {
    Command.of("git")
        .and(words)
        .in(in)
        .with("GIT_TERMINAL_PROMPT", "0")
        .with("GIT_CONFIG_NOSYSTEM", "1")
        .run()
        .orThrow();
  }

  private Map<String, JsonNode> examples() throws IOException {
    var examples = new TreeMap<String, JsonNode>();
    for (JsonNode event :
        JSON.readTree(Files.readString(PublishedDescriptions.webhookExamples()))) {
      int number = 0;
      for (JsonNode example : event.path("examples")) {
        examples.put(event.path("name").asString() + " " + number++, example);
      }
    }
    return examples;
  }

  private JsonNode example(String name) throws IOException {
    return Objects.requireNonNull(examples().get(name), name);
  }

  private static final Policy POLICY =
      PolicyReader.read(
          "flakeferry.yml",
          """
          boards:
            a: { host: a.lan, host-key: "%1$s" }
            p: { host: p.lan, host-key: "%1$s" }
          environments:
            branches: { on: { push: "**" }, boards: a }
            tags: { on: { tag: "**" }, boards: a }
            releases: { on: { release: "**" }, boards: a }
            preview: { on: pull_request, boards: p }
          """
              .formatted(
                  "ssh-ed25519"
                      + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"));

  private Event read(GitHubStandIn gitHub, String name, JsonNode payload) throws IOException {
    return forge(gitHub, name, payload).event();
  }

  private Forge forge(GitHubStandIn gitHub, String name, JsonNode payload) throws IOException {
    Path file = folder.resolve("event.json");
    Files.writeString(file, payload.toString());
    return ActionsForge.fromEnvironment(
        gitHub.runEnvironment(name, file, folder.resolve("run")),
        new PrintStream(log, true, UTF_8),
        new GitHub(),
        new Manners(Duration.ZERO, InstantSource.system(), Thread::sleep),
        new Http(),
        () -> {});
  }

  @Test
  void readsEveryPublishedPayload() throws IOException {
    var seen = new HashMap<String, Integer>();
    try (var gitHub = GitHubStandIn.start(repositories, TOKEN)) {
      for (var example : examples().entrySet()) {
        String name = example.getKey().substring(0, example.getKey().indexOf(' '));
        JsonNode payload = example.getValue();
        Event event = read(gitHub, name, payload);
        String wanted = expected(name, payload);
        assertThat(event.getClass().getSimpleName()).as(example.getKey()).isEqualTo(wanted);
        seen.merge(wanted, 1, Integer::sum);
        String commit =
            payload.at("/pull_request/head/sha").asString(payload.path("after").asString(""));
        switch (event) {
          case Event.BranchPushed e -> assertThat(e.commit().value()).isEqualTo(commit);
          case Event.TagPushed e -> assertThat(e.commit().value()).isEqualTo(commit);
          case Event.PullRequestUpdated e -> {
            assertThat(e.request().head().value()).isEqualTo(commit);
            assertThat(e.request().trust()).isEqualTo(HeadTrust.SAME_REPOSITORY);
          }
          case Event.PullRequestDrafted e ->
              assertThat(e.request().head().value()).isEqualTo(commit);
          case Event.PullRequestLabeled e ->
              assertThat(e.label()).contains(payload.at("/label/name").asString());
          case Event.PullRequestClosed e ->
              assertThat(e.request().head().value()).isEqualTo(commit);
          case Event.ReleasePublished e ->
              assertThat(e.tag()).isEqualTo(payload.at("/release/tag_name").asString());
          case Event.MergeQueued e ->
              assertThat(e.commit().value())
                  .isEqualTo(payload.at("/merge_group/head_sha").asString());
          case Event.Dispatched e -> assertThat(e.ref()).endsWith(payload.path("ref").asString());
          case Event.Scheduled e -> throw new AssertionError("there is no such example");
          case Event.Meaningless e -> assertThat(e.why()).isNotBlank();
        }
        assertThat(plan(event)).as(example.getKey()).startsWith("{\"kind\":");
      }
    }
    assertThat(seen)
        .containsOnlyKeys(
            "BranchPushed",
            "TagPushed",
            "PullRequestUpdated",
            "PullRequestDrafted",
            "PullRequestLabeled",
            "PullRequestClosed",
            "ReleasePublished",
            "MergeQueued",
            "Dispatched",
            "Meaningless");
    assertThat(seen.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(250);
  }

  private static String expected(String name, JsonNode payload) {
    String action = payload.path("action").asString("");
    boolean deleted = payload.path("deleted").asBoolean(false);
    boolean tag = payload.path("ref").asString("").startsWith("refs/tags/");
    if (name.equals("push") && !deleted) {
      return tag ? "TagPushed" : "BranchPushed";
    }
    return switch (name + " " + action) {
      case "pull_request opened",
          "pull_request reopened",
          "pull_request synchronize",
          "pull_request ready_for_review" ->
          "PullRequestUpdated";
      case "pull_request converted_to_draft" -> "PullRequestDrafted";
      case "pull_request labeled", "pull_request unlabeled" -> "PullRequestLabeled";
      case "pull_request closed" -> "PullRequestClosed";
      case "release published" -> "ReleasePublished";
      case "merge_group checks_requested" -> "MergeQueued";
      case "workflow_dispatch " -> "Dispatched";
      default -> "Meaningless";
    };
  }

  /** What it means where every environment wants it; what is refused is said to be so. */
  private static String plan(Event event) {
    try {
      return PlanJson.render(Planner.plan(event, POLICY, Narrowing.NONE));
    } catch (Refused refused) {
      assertThat(event).isInstanceOf(Event.Dispatched.class);
      return "{\"kind\":\"refused\"}" + refused.problem();
    }
  }

  // the published examples have no fork, no deleted head, no merged pull request, and no branch
  // that
  // somebody pushed to which was there before
  @Test
  void plansWhatTheExamplesLack() throws IOException {
    try (var gitHub = GitHubStandIn.start(repositories, TOKEN)) {
      var request = (ObjectNode) example("pull_request 0").deepCopy();
      for (String action : List.of("opened", "synchronize", "reopened", "ready_for_review")) {
        request.put("action", action);
        assertThat(plan(read(gitHub, "pull_request", request)))
            .contains("\"kind\":\"preview\"", request.at("/pull_request/head/sha").asString());
      }
      request.put("action", "closed");
      ((ObjectNode) request.path("pull_request")).put("merged", true).put("state", "closed");
      assertThat(plan(read(gitHub, "pull_request", request))).contains("\"kind\":\"give-back\"");

      var fork = (ObjectNode) example("pull_request 0").deepCopy();
      ((ObjectNode) fork.at("/pull_request/head/repo")).put("id", 99).put("fork", true);
      assertThat(plan(read(gitHub, "pull_request", fork))).contains("\"kind\":\"build\"");
      ((ObjectNode) fork.at("/pull_request/head")).putNull("repo");
      assertThat(plan(read(gitHub, "pull_request", fork))).contains("\"kind\":\"build\"");
      fork.put("action", "closed");
      ((ObjectNode) fork.path("pull_request")).put("merged", true).put("state", "closed");
      assertThat(plan(read(gitHub, "pull_request", fork))).contains("\"kind\":\"nothing\"");

      var push = (ObjectNode) example("push 4").deepCopy();
      push.put("before", "1".repeat(40)).put("created", false).put("ref", "refs/heads/main");
      ((ObjectNode) push.path("repository")).put("default_branch", "main");
      assertThat(plan(read(gitHub, "push", push)))
          .contains("\"kind\":\"deploy\"", push.path("after").asString());
      push.put("deleted", true).put("after", "0".repeat(40)).putNull("head_commit");
      assertThat(plan(read(gitHub, "push", push))).contains("\"kind\":\"nothing\"");
    }
  }

  @Test
  void reportsInWaysThatGitHubDescribes() throws IOException {
    JsonNode payload = example("push 4");
    assertThat(payload.path("ref").asString()).startsWith("refs/heads/");
    var commit = repository("Codertocat/Hello-World");
    try (var gitHub = GitHubStandIn.start(repositories, TOKEN, GitHubOpenApi.judge())) {
      Forge forge = forge(gitHub, "push", payload);
      forge.status(commit, "flakeferry/b1", StatusState.PENDING, "x".repeat(500));
      forge.summary("");
      forge.status(commit, "flakeferry/b1", StatusState.SUCCESS, "deployed");
      forge.status(commit, "flakeferry/b2", StatusState.FAILURE, "");
      forge.status(commit, "flakeferry/b3", StatusState.ERROR, "in doubt");
      for (int i = 0; i < 120; i++) {
        gitHub.addComment(2, "somebody", "User", "comment " + i);
      }
      forge.comment(2, "preview", "building");
      forge.summary("");
      forge.comment(2, "preview", "é".repeat(100_000));
      forge.summary("");
      assertThat(gitHub.statuses(commit)).hasSize(4);
      assertThat(gitHub.comments(2)).hasSize(121);
      assertThat(combined(gitHub, commit).path("state").asString()).isEqualTo("failure");
      assertThat(log.toString(UTF_8)).doesNotContain("::warning::");
      forge.status(new GitRevision("0".repeat(40)), "b", StatusState.SUCCESS, "gone");
      forge.summary("");
      assertThat(log.toString(UTF_8)).contains("::warning::").contains("No commit found for SHA");
    }
  }

  private static JsonNode combined(GitHubStandIn gitHub, GitRevision commit) throws IOException {
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    gitHub.apiUrl()
                        + "/repos/Codertocat/Hello-World/commits/"
                        + commit
                        + "/status"))
            .header("Authorization", "Bearer " + TOKEN.reveal())
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void hasAJudgeThatFindsFault() {
    var judge = GitHubOpenApi.judge();
    String statuses = "/repos/o/r/statuses/" + "0".repeat(40);
    judge.judge("POST", statuses, "", "{\"state\":\"success\"}");
    assertThatThrownBy(() -> judge.judge("POST", statuses, "", "{\"state\":\"done\"}"))
        .hasMessageContaining("state");
    assertThatThrownBy(() -> judge.judge("POST", statuses, "", "{\"context\":\"x\"}"))
        .hasMessageContaining("state");
    assertThatThrownBy(
            () -> judge.judge("POST", statuses, "", "{\"state\":\"success\",\"colour\":1}"))
        .hasMessageContaining("colour");
    String checks = "/repos/o/r/check-runs";
    String head = "{\"name\":\"a\",\"head_sha\":\"" + "0".repeat(40) + "\",";
    String output = "\"output\":{\"title\":\"a\",\"summary\":\"b\"";
    judge.judge("POST", checks, "", head + output + "}}");
    assertThatThrownBy(() -> judge.judge("POST", checks, "", head + output + ",\"color\":1}}"))
        .hasMessageContaining("output.color");
    String ofCommit = "/repos/o/r/commits/" + "0".repeat(40) + "/check-runs";
    judge.judge("GET", ofCommit, "filter=all", "");
    assertThatThrownBy(() -> judge.judge("GET", ofCommit, "filter=some", ""))
        .hasMessageContaining("filter");
    assertThatThrownBy(() -> judge.judge("POST", statuses, "", "")).hasMessageContaining("body");
    assertThatThrownBy(() -> judge.judge("PUT", statuses, "", "{}"))
        .hasMessageContaining("GitHub has no PUT");
    assertThatThrownBy(() -> judge.judge("GET", "/repos/o/r/issues/two/comments", "", ""))
        .hasMessageContaining("issue_number");
    assertThatThrownBy(() -> judge.judge("GET", "/repos/o/r/issues/2/comments", "pages=1", ""))
        .hasMessageContaining("pages");
    assertThatThrownBy(
            () -> judge.judgeAnswer("POST", "/repos/o/r/issues/2/comments", 201, "{\"id\":1}"))
        .hasMessageContaining("node_id");
    judge.judge("DELETE", "/repos/o/r/issues/comments/2", "", "");
    judge.judgeAnswer("DELETE", "/repos/o/r/issues/comments/2", 204, "");
    assertThatThrownBy(() -> judge.judgeAnswer("DELETE", "/repos/o/r/issues/comments/2", 204, "{}"))
        .hasMessageContaining("nothing");
    assertThatThrownBy(() -> judge.judge("DELETE", "/repos/o/r/issues/comments/2", "", "{}"))
        .hasMessageContaining("no body");
  }

  @Test
  void tellsOfARequestThatGitHubWouldNotHaveUnderstood() throws Exception {
    var gitHub = GitHubStandIn.start(repositories, TOKEN, GitHubOpenApi.judge());
    var request = HttpRequest.newBuilder(URI.create(gitHub.apiUrl() + "/nonsense")).build();
    try (var client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(418);
    }
    assertThatThrownBy(gitHub::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("GitHub has no GET /nonsense");
  }

  @Test
  void servesGitAsGitHubDoes() throws IOException {
    var commit = repository("owner/boards");
    try (var gitHub = GitHubStandIn.start(repositories, TOKEN)) {
      String url = gitHub.serverUrl() + "/owner/boards.git";
      assertThatThrownBy(() -> git(folder, "clone", "-q", url, "without"))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> git(folder, "-c", header("wrong"), "clone", "-q", url, "wrong"))
          .isInstanceOf(IOException.class);
      git(folder, "-c", header(TOKEN.reveal()), "clone", "-q", url, "with");
      Path clone = folder.resolve("with");
      assertThat(clone.resolve("flake.nix")).exists();

      Files.writeString(clone.resolve("second"), "2");
      git(clone, "add", "second");
      git(clone, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-q", "-m", "two");
      git(clone, "-c", header(TOKEN.reveal()), "push", "-q", "origin", "main");
      git(clone, "-c", header(TOKEN.reveal()), "push", "-q", "-f", "origin", commit + ":main");

      gitHub.makePublic();
      git(folder, "clone", "-q", url, "public");
      assertThat(folder.resolve("public/second")).doesNotExist();
      // what was pushed away can still be fetched by its id
      String gone =
          Command.of("git", "rev-parse", "HEAD").in(clone).run().orThrow().output().strip();
      git(folder.resolve("public"), "fetch", "-q", "origin", gone);
      assertThatThrownBy(() -> git(folder.resolve("public"), "push", "origin", "HEAD:x"))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(
              () -> git(folder, "clone", "-q", gitHub.serverUrl() + "/owner/none.git", "none"))
          .isInstanceOf(IOException.class);
    }
  }

  private static String header(String token) {
    return "http.extraHeader=Authorization: Basic "
        + Base64.getEncoder().encodeToString(("x-access-token:" + token).getBytes(UTF_8));
  }
}
