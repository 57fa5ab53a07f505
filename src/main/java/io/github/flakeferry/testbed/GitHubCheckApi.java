package io.github.flakeferry.testbed;

import io.github.flakeferry.model.GitRevision;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Check runs (GitHub docs, "REST API endpoints for check runs"). */
final class GitHubCheckApi implements GitHubApi {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern ALL = Pattern.compile("/repos/([^/]+/[^/]+)/check-runs");
  private static final Pattern ONE = Pattern.compile("/repos/([^/]+/[^/]+)/check-runs/(\\d{1,18})");
  private static final Pattern OF_COMMIT =
      Pattern.compile("/repos/([^/]+/[^/]+)/commits/([^/]+)/check-runs");
  private static final int LONGEST_TEXT = 65_535;
  private static final int MOST_ANNOTATIONS = 50;

  private final GitHubState state;
  private final TreeMap<Long, GitHubCheckRun> checks = new TreeMap<>();

  GitHubCheckApi(GitHubState state) {
    this.state = state;
  }

  synchronized List<GitHubCheckRun> all() {
    return List.copyOf(checks.values());
  }

  synchronized long add(GitHubCheckRun check) {
    long id = state.nextId();
    checks.put(id, check.withId(id));
    return id;
  }

  private synchronized Optional<GitHubCheckRun> find(long id) {
    return Optional.ofNullable(checks.get(id));
  }

  private synchronized void put(GitHubCheckRun check) {
    checks.put(check.id(), check);
  }

  @Override
  public Optional<GitHubAnswer> answer(GitHubCall call) {
    return call.fits("POST", ALL)
        .map(p -> make(call.fields(), p.group(1)))
        .or(
            () ->
                call.fits("PATCH", ONE)
                    .map(p -> update(call.fields(), p.group(1), Long.parseLong(p.group(2)))))
        .or(() -> call.fits("GET", OF_COMMIT).map(p -> list(call, p.group(1), p.group(2))));
  }

  private GitHubAnswer make(JsonNode fields, String repository) {
    if (!state.permits("checks: write")) {
      return GitHubAnswer.forbidden();
    }
    String sha = fields.path("head_sha").asString("");
    if (!isValid(fields)) {
      return GitHubAnswer.invalid();
    }
    if (!state.hasCommit(repository, sha)) {
      return GitHubAnswer.problem(422, "No commit found for SHA: " + sha);
    }
    long id =
        add(
            merged(
                new GitHubCheckRun(
                    0,
                    new GitRevision(sha),
                    fields.path("name").asString(""),
                    "queued",
                    Optional.empty(),
                    "",
                    "",
                    List.of(),
                    fields.path("external_id").asString(""),
                    Instant.now()),
                fields));
    return GitHubAnswer.of(201, node(repository, find(id).orElseThrow()));
  }

  private GitHubAnswer update(JsonNode fields, String repository, long id) {
    if (!state.permits("checks: write")) {
      return GitHubAnswer.forbidden();
    }
    Optional<GitHubCheckRun> there = find(id);
    if (there.isEmpty()) {
      return GitHubAnswer.notFound();
    }
    if (!isValid(fields)) {
      return GitHubAnswer.invalid();
    }
    put(merged(there.orElseThrow(), fields));
    return GitHubAnswer.of(200, node(repository, find(id).orElseThrow()));
  }

  // what the description leaves open: the lengths are given as advice, and of `completed` it says
  // in words only that it needs a conclusion
  private static boolean isValid(JsonNode fields) {
    JsonNode output = fields.path("output");
    boolean completed = fields.path("status").asString("").equals("completed");
    return !(completed && !fields.path("conclusion").isString())
        && output.path("summary").asString("").length() <= LONGEST_TEXT
        && output.path("text").asString("").length() <= LONGEST_TEXT
        && output.path("annotations").size() <= MOST_ANNOTATIONS
        && (output.isMissingNode() || !output.path("title").asString("").isBlank());
  }

  // a conclusion completes it, annotations are appended
  private static GitHubCheckRun merged(GitHubCheckRun check, JsonNode fields) {
    JsonNode output = fields.path("output");
    Optional<String> conclusion =
        Optional.of(fields.path("conclusion").asString("")).filter(c -> !c.isEmpty());
    var annotations = new ArrayList<>(check.annotations());
    for (JsonNode annotation : output.path("annotations")) {
      annotations.add(
          "%s:%d:%d: %s"
              .formatted(
                  annotation.path("path").asString(""),
                  annotation.path("start_line").asInt(0),
                  annotation.path("start_column").asInt(0),
                  annotation.path("message").asString("")));
    }
    return new GitHubCheckRun(
        check.id(),
        check.commit(),
        check.name(),
        conclusion.isPresent() ? "completed" : fields.path("status").asString(check.status()),
        conclusion.or(check::conclusion),
        output.path("title").asString(check.title()),
        output.path("summary").asString(check.summary()),
        annotations,
        check.externalId(),
        check.at());
  }

  private GitHubAnswer list(GitHubCall call, String repository, String sha) {
    if (!state.permits("checks: write") && !state.permits("checks: read")) {
      return GitHubAnswer.forbidden();
    }
    List<ObjectNode> found =
        all().stream()
            .filter(c -> c.commit().value().equals(sha))
            .filter(
                c -> call.parameter("check_name").filter(name -> !name.equals(c.name())).isEmpty())
            .map(c -> node(repository, c))
            .toList();
    return GitHubAnswer.page(call, state.api().toString(), found, "check_runs");
  }

  private ObjectNode node(String repository, GitHubCheckRun check) {
    String url = state.api() + "/repos/" + repository + "/check-runs/" + check.id();
    String at = check.at().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", check.id())
            .put("node_id", "CR_" + check.id())
            .put("head_sha", check.commit().value())
            .put("name", check.name())
            .put("url", url)
            .put("html_url", state.web() + "/" + repository + "/runs/" + check.id())
            .putNull("details_url")
            .put("external_id", check.externalId())
            .put("status", check.status())
            .put("started_at", at)
            .putNull("app");
    check
        .conclusion()
        .ifPresentOrElse(
            c -> node.put("conclusion", c).put("completed_at", at),
            () -> node.putNull("conclusion").putNull("completed_at"));
    node.putArray("pull_requests");
    node.putObject("check_suite").put("id", 1);
    node.putObject("output")
        .put("title", check.title())
        .put("summary", check.summary())
        .putNull("text")
        .put("annotations_count", check.annotations().size())
        .put("annotations_url", url + "/annotations");
    return node;
  }
}
