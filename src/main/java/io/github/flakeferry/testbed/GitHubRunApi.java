package io.github.flakeferry.testbed;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs of workflows, as far as they say whether they are over. */
final class GitHubRunApi implements GitHubApi {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern ONE =
      Pattern.compile("/repos/([^/]+/[^/]+)/actions/runs/(\\d{1,18})");
  private static final long FIRST = 19_600_000_001L;

  private record Run(boolean over, int attempt) {}

  private final GitHubState state;
  private final GitHubJson json;
  private final Map<Long, Run> runs = new HashMap<>();

  GitHubRunApi(GitHubState state) {
    this.state = state;
    this.json = new GitHubJson(state);
  }

  /** Begins a run and returns its number. */
  synchronized long begin() {
    long id = FIRST + runs.size();
    runs.put(id, new Run(false, 1));
    return id;
  }

  synchronized void end(long id) {
    runs.computeIfPresent(id, (k, run) -> new Run(true, run.attempt()));
  }

  synchronized void beginAgain(long id) {
    runs.computeIfPresent(id, (k, run) -> new Run(false, run.attempt() + 1));
  }

  private synchronized Optional<Run> find(long id) {
    return Optional.ofNullable(runs.get(id));
  }

  @Override
  public Optional<GitHubAnswer> answer(GitHubCall call) {
    return call.fits("GET", ONE).map(p -> one(p.group(1), Long.parseLong(p.group(2))));
  }

  private GitHubAnswer one(String repository, long id) {
    if (!state.permits("actions: read")) {
      return GitHubAnswer.forbidden();
    }
    return find(id)
        .map(run -> GitHubAnswer.of(200, node(repository, id, run)))
        .orElseGet(GitHubAnswer::notFound);
  }

  private ObjectNode node(String repository, long id, Run run) {
    String url = state.api() + "/repos/" + repository + "/actions/runs/" + id;
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", id)
            .put("node_id", "WFR_" + id)
            .put("name", "Deploy")
            .put("display_title", "Deploy")
            .put("head_branch", "main")
            .put("head_sha", "0".repeat(40))
            .put("path", ".github/workflows/deploy.yml")
            .put("run_number", 1)
            .put("run_attempt", run.attempt())
            .put("event", "push")
            .put("workflow_id", 1)
            .put("status", run.over() ? "completed" : "in_progress")
            .put("created_at", now)
            .put("updated_at", now)
            .put("url", url)
            .put("html_url", state.web() + "/" + repository + "/actions/runs/" + id)
            .putNull("head_commit");
    if (run.over()) {
      node.put("conclusion", "cancelled");
    } else {
      node.putNull("conclusion");
    }
    for (String link : new String[] {"jobs", "logs", "cancel", "rerun", "artifacts"}) {
      node.put(link + "_url", url + "/" + link);
    }
    node.put("check_suite_url", state.api() + "/repos/" + repository + "/check-suites/1");
    node.put("workflow_url", state.api() + "/repos/" + repository + "/actions/workflows/1");
    node.putArray("pull_requests");
    node.set("repository", json.repository(repository));
    return node.set("head_repository", json.repository(repository));
  }
}
