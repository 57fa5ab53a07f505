package io.github.flakeferry.testbed;

import io.github.flakeferry.model.GitRevision;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Deployments and their statuses (GitHub docs, "REST API endpoints for deployments"). */
final class GitHubDeploymentApi implements GitHubApi {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern ALL = Pattern.compile("/repos/([^/]+/[^/]+)/deployments");
  private static final Pattern STATUSES =
      Pattern.compile("/repos/([^/]+/[^/]+)/deployments/(\\d{1,18})/statuses");
  private static final Set<String> STATES =
      Set.of("error", "failure", "inactive", "in_progress", "queued", "pending", "success");
  private static final int LONGEST_DESCRIPTION = 140;

  private final GitHubState state;
  private final GitHubJson json;
  private final GitHubStatusApi commits;
  private final TreeMap<Long, GitHubDeployment> deployments = new TreeMap<>();

  GitHubDeploymentApi(GitHubState state, GitHubStatusApi commits) {
    this.state = state;
    this.json = new GitHubJson(state);
    this.commits = commits;
  }

  /** The oldest first. */
  synchronized List<GitHubDeployment> all() {
    return List.copyOf(deployments.values());
  }

  synchronized long add(
      GitRevision commit,
      String environment,
      String task,
      boolean isTransient,
      boolean production,
      String payload) {
    long id = state.nextId();
    deployments.put(
        id,
        new GitHubDeployment(
            id,
            commit,
            environment,
            task,
            isTransient,
            production,
            payload,
            List.of(),
            Instant.now()));
    return id;
  }

  synchronized void addStatus(long id, GitHubDeploymentStatus status) {
    deployments.computeIfPresent(id, (k, old) -> old.with(status));
  }

  @Override
  public Optional<GitHubAnswer> answer(GitHubCall call) {
    return call.fits("GET", ALL)
        .map(p -> list(call, p.group(1)))
        .or(() -> call.fits("POST", ALL).map(p -> make(call.fields(), p.group(1))))
        .or(
            () ->
                call.fits("GET", STATUSES)
                    .map(p -> statuses(call, p.group(1), Long.parseLong(p.group(2)))))
        .or(
            () ->
                call.fits("POST", STATUSES)
                    .map(p -> set(call.fields(), p.group(1), Long.parseLong(p.group(2)))));
  }

  // the newest first
  private GitHubAnswer list(GitHubCall call, String repository) {
    if (!mayRead()) {
      return GitHubAnswer.forbidden();
    }
    List<ObjectNode> found =
        all().reversed().stream()
            .filter(d -> fits(call, "sha", d.commit().value()))
            .filter(d -> fits(call, "environment", d.environment()))
            .filter(d -> fits(call, "task", d.task()))
            .map(d -> node(repository, d))
            .toList();
    return GitHubAnswer.page(call, state.api().toString(), found, "");
  }

  private boolean mayRead() {
    return state.permits("deployments: write") || state.permits("deployments: read");
  }

  private static boolean fits(GitHubCall call, String parameter, String value) {
    return call.parameter(parameter).filter(wanted -> !wanted.equals(value)).isEmpty();
  }

  private GitHubAnswer make(JsonNode fields, String repository) {
    if (!state.permits("deployments: write")) {
      return GitHubAnswer.forbidden();
    }
    String ref = fields.path("ref").asString("");
    if (!state.hasCommit(repository, ref)) {
      return GitHubAnswer.problem(422, "No ref found for: " + ref);
    }
    if (fields.path("auto_merge").asBoolean(true)) {
      return GitHubAnswer.of(
          202, JSON.createObjectNode().put("message", "Auto-merged main into " + ref));
    }
    if (!fields.has("required_contexts") && !allSucceeded(ref)) {
      return GitHubAnswer.problem(409, "Conflict: Commit status checks failed for " + ref + ".");
    }
    String environment = fields.path("environment").asString("production");
    long id =
        add(
            new GitRevision(ref),
            environment,
            fields.path("task").asString("deploy"),
            fields.path("transient_environment").asBoolean(false),
            fields.path("production_environment").asBoolean(environment.equals("production")),
            fields.path("payload").toString());
    return GitHubAnswer.of(201, node(repository, find(id).orElseThrow()));
  }

  private boolean allSucceeded(String sha) {
    var last = new TreeMap<String, String>();
    commits.all().stream()
        .filter(s -> s.commit().value().equals(sha))
        .forEach(s -> last.put(s.context(), s.state()));
    return last.values().stream().allMatch("success"::equals);
  }

  private synchronized Optional<GitHubDeployment> find(long id) {
    return Optional.ofNullable(deployments.get(id));
  }

  private GitHubAnswer statuses(GitHubCall call, String repository, long id) {
    if (!mayRead()) {
      return GitHubAnswer.forbidden();
    }
    return find(id)
        .map(
            d ->
                GitHubAnswer.page(
                    call,
                    state.api().toString(),
                    d.statuses().reversed().stream().map(s -> node(repository, id, s)).toList(),
                    ""))
        .orElseGet(GitHubAnswer::notFound);
  }

  private GitHubAnswer set(JsonNode fields, String repository, long id) {
    if (!state.permits("deployments: write")) {
      return GitHubAnswer.forbidden();
    }
    if (find(id).isEmpty()) {
      return GitHubAnswer.notFound();
    }
    var status =
        new GitHubDeploymentStatus(
            state.nextId(),
            fields.path("state").asString(""),
            fields.path("description").asString(""),
            fields.path("log_url").asString(fields.path("target_url").asString("")),
            fields.path("environment_url").asString(""),
            Instant.now());
    if (!STATES.contains(status.state()) || status.description().length() > LONGEST_DESCRIPTION) {
      return GitHubAnswer.invalid();
    }
    addStatus(id, status);
    if (status.state().equals("success") && fields.path("auto_inactive").asBoolean(true)) {
      endOlder(find(id).orElseThrow());
    }
    return GitHubAnswer.of(201, node(repository, id, status));
  }

  // neither transient nor production ones, and only those that succeeded
  private void endOlder(GitHubDeployment newer) {
    all().stream()
        .filter(d -> d.id() < newer.id() && d.environment().equals(newer.environment()))
        .filter(d -> !d.isTransient() && !d.production() && d.state().equals("success"))
        .forEach(
            d ->
                addStatus(
                    d.id(),
                    new GitHubDeploymentStatus(
                        state.nextId(), "inactive", "", "", "", Instant.now())));
  }

  private ObjectNode node(String repository, GitHubDeployment deployment) {
    String repositoryUrl = state.api() + "/repos/" + repository;
    String url = repositoryUrl + "/deployments/" + deployment.id();
    String at = deployment.at().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", deployment.id())
            .put("node_id", "DE_" + deployment.id())
            .put("sha", deployment.commit().value())
            .put("ref", deployment.commit().value())
            .put("task", deployment.task())
            .put("environment", deployment.environment())
            .put("original_environment", deployment.environment())
            .put("description", "")
            .put("transient_environment", deployment.isTransient())
            .put("production_environment", deployment.production())
            .put("created_at", at)
            .put("updated_at", at)
            .put("url", url)
            .put("statuses_url", url + "/statuses")
            .put("repository_url", repositoryUrl);
    node.set(
        "payload", JSON.readTree(deployment.payload().isEmpty() ? "{}" : deployment.payload()));
    return node.set("creator", json.user(state.account()));
  }

  private ObjectNode node(String repository, long id, GitHubDeploymentStatus status) {
    String repositoryUrl = state.api() + "/repos/" + repository;
    String url = repositoryUrl + "/deployments/" + id;
    String at = status.at().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", status.id())
            .put("node_id", "DES_" + status.id())
            .put("state", status.state())
            .put("description", status.description())
            .put("target_url", status.logUrl().isEmpty() ? state.web().toString() : status.logUrl())
            .put("created_at", at)
            .put("updated_at", at)
            .put("deployment_url", url)
            .put("url", url + "/statuses/" + status.id())
            .put("repository_url", repositoryUrl);
    if (!status.logUrl().isEmpty()) {
      node.put("log_url", status.logUrl());
    }
    if (!status.environmentUrl().isEmpty()) {
      node.put("environment_url", status.environmentUrl());
    }
    return node.set("creator", json.user(state.account()));
  }
}
