package io.github.flakeferry.testbed;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Commit statuses. */
final class GitHubStatusApi implements GitHubApi {
  static final Pattern STATUSES = Pattern.compile("/repos/([^/]+/[^/]+)/statuses/([^/]+)");
  static final Pattern COMBINED = Pattern.compile("/repos/([^/]+/[^/]+)/commits/([^/]+)/status");
  private static final Set<String> STATES = Set.of("error", "failure", "pending", "success");
  private static final int LONGEST_DESCRIPTION = 140;

  private final GitHubState state;
  private final GitHubJson json;
  private final List<Status> statuses = Collections.synchronizedList(new ArrayList<>());

  GitHubStatusApi(GitHubState state) {
    this.state = state;
    this.json = new GitHubJson(state);
  }

  List<Status> all() {
    return List.copyOf(statuses);
  }

  void add(Status status) {
    statuses.add(status);
  }

  @Override
  public Optional<GitHubAnswer> answer(GitHubCall call) {
    return call.fits("POST", STATUSES)
        .map(path -> set(path.group(1), path.group(2), call.fields()))
        .or(() -> call.fits("GET", COMBINED).map(p -> combined(call, p.group(1), p.group(2))));
  }

  private GitHubAnswer set(String repository, String sha, JsonNode fields) {
    if (!state.permits("statuses: write")) {
      return GitHubAnswer.forbidden();
    }
    String description = fields.path("description").asString("");
    if (!STATES.contains(fields.path("state").asString(""))
        || description.length() > LONGEST_DESCRIPTION) {
      return GitHubAnswer.invalid();
    }
    if (!state.hasCommit(repository, sha)) {
      return GitHubAnswer.problem(422, "No commit found for SHA: " + sha);
    }
    var status =
        new Status(
            new GitRevision(sha),
            fields.path("context").asString("default"),
            fields.path("state").asString(""),
            description,
            fields.path("target_url").isString()
                ? Optional.of(fields.path("target_url").asString())
                : Optional.empty(),
            Instant.now());
    add(status);
    return GitHubAnswer.of(201, json.status(repository, status));
  }

  private GitHubAnswer combined(GitHubCall call, String repository, String sha) {
    var latest = new LinkedHashMap<String, Status>();
    all().stream()
        .filter(s -> s.commit().value().equals(sha))
        .forEach(s -> latest.put(s.context().toLowerCase(Locale.ROOT), s));
    List<Status> last = List.copyOf(latest.values());
    GitHubAnswer page =
        GitHubAnswer.page(
            call,
            state.api().toString(),
            last.stream().map(s -> json.simpleStatus(repository, s)).toList(),
            "statuses");
    var body = (ObjectNode) new GitHubCall("", "", "", page.body()).fields();
    String commit = state.api() + "/repos/" + repository + "/commits/" + sha;
    body.put("state", combinedState(last))
        .put("sha", sha)
        .put("commit_url", commit)
        .put("url", commit + "/status");
    body.set("repository", json.repository(repository));
    return new GitHubAnswer(200, page.headers(), body.toString());
  }

  // GitHub docs, "Get the combined status": failure wins, then pending, and none is pending, too
  private static String combinedState(List<Status> latest) {
    List<String> states = latest.stream().map(Status::state).toList();
    if (states.contains("error") || states.contains("failure")) {
      return "failure";
    }
    return states.isEmpty() || states.contains("pending") ? "pending" : "success";
  }
}
