package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.actions.Api;
import io.github.flakeferry.forge.actions.ApiTrouble;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.Words;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /repos/{owner}/{repo}/deployments} and {@code
 * /repos/{owner}/{repo}/deployments/{id}/statuses}.
 */
record DeploymentApi(RunContext run) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LONGEST_DESCRIPTION = 140;

  /** The key of the payload by which we know our own. */
  private static final String OURS = "flakeferry";

  /**
   * One that is there.
   *
   * @param madeBy the page of the run that made it, where that was one of ours
   * @param settled when it was made all up to this id were over, where it is one of ours
   */
  record Found(
      long id, String task, String createdAt, Optional<String> madeBy, Optional<Long> settled) {
    /** Whether it is a pull request's own, or nobody's, as the environment is. */
    boolean isFor(EnvironmentRef environment) {
      return task.equals(DeploymentApi.task(environment));
    }
  }

  /**
   * The last status of one.
   *
   * @param state empty where it has none yet
   * @param page of the run that set it; empty where it does not say
   */
  record Last(String state, String page, String at) {
    /** Whether it is at its end: the environment has not got it, or has it no more. */
    boolean isOver() {
      return List.of("inactive", "failure", "error").contains(state);
    }

    boolean isFailure() {
      return List.of("failure", "error").contains(state);
    }

    boolean isUnderWay() {
      return List.of("", "queued", "in_progress", "pending").contains(state);
    }
  }

  /** Each of a commit, the newest first. */
  interface Visitor {
    boolean visit(Found found) throws ApiTrouble, IOException;
  }

  void ofCommit(Api api, GitRevision commit, Optional<String> environment, Visitor visitor)
      throws ApiTrouble, IOException {
    each(
        api,
        "?sha=" + commit + environment.map(e -> "&environment=" + encoded(e)).orElse(""),
        visitor);
  }

  void ofEnvironment(Api api, EnvironmentRef environment, Visitor visitor)
      throws ApiTrouble, IOException {
    each(
        api,
        "?environment=" + encoded(environment.name()) + "&task=" + encoded(task(environment)),
        visitor);
  }

  private void each(Api api, String query, Visitor visitor) throws ApiTrouble, IOException {
    api.each(path() + query, "", node -> visitor.visit(found(node)));
  }

  private static Found found(JsonNode node) {
    JsonNode ours = payload(node.path("payload")).path(OURS);
    return new Found(
        node.path("id").asLong(0),
        node.path("task").asString(""),
        node.path("created_at").asString(""),
        ours.path("run").isString() ? Optional.of(ours.path("run").asString()) : Optional.empty(),
        ours.path("settled").isIntegralNumber()
            ? Optional.of(ours.path("settled").asLong())
            : Optional.empty());
  }

  // GitHub gives it back as an object or as the text of one
  private static JsonNode payload(JsonNode given) {
    try {
      return given.isString() ? JSON.readTree(given.asString()) : given;
    } catch (JacksonException e) {
      return JSON.createObjectNode();
    }
  }

  /** The newest of the statuses, which come newest first. */
  Last last(Api api, long id) throws ApiTrouble, IOException {
    JsonNode status = api.get(path() + "/" + id + "/statuses?per_page=1").body().path(0);
    String log = status.path("log_url").asString("");
    return new Last(
        status.path("state").asString(""),
        log.isEmpty() ? status.path("target_url").asString("") : log,
        status.path("created_at").asString(""));
  }

  /**
   * Makes one, on the commit itself and whatever its statuses say.
   *
   * @return its id; empty where GitHub made none (202)
   * @throws ApiTrouble 409 on a conflict
   */
  Optional<Long> make(
      Api api, GitRevision commit, EnvironmentRef environment, Optional<Long> settled)
      throws ApiTrouble, IOException {
    var ours = new LinkedHashMap<String, Object>();
    run.url().ifPresent(url -> ours.put("run", url.toString()));
    settled.ifPresent(id -> ours.put("settled", id));
    var fields = new LinkedHashMap<String, Object>();
    fields.put("ref", commit.value());
    fields.put("task", task(environment));
    fields.put("auto_merge", false);
    fields.put("required_contexts", List.of());
    fields.put("environment", environment.name());
    fields.put(
        "description",
        environment.pullRequest().map(n -> "pull request #" + n).orElse("by Flakeferry"));
    fields.put("payload", Map.of(OURS, ours));
    fields.put("transient_environment", environment.pullRequest().isPresent());
    // GitHub's own rule, which it does not apply to transient ones
    fields.put(
        "production_environment",
        environment.pullRequest().isEmpty() && environment.name().equals("production"));
    Api.Answer answer = api.write("POST", path(), fields, false);
    return answer.status() == 201
        ? Optional.of(answer.body().path("id").asLong())
        : Optional.empty();
  }

  /**
   * Sets the state of one.
   *
   * @param page of the run that says so
   * @param url where people reach the environment
   */
  void set(
      Api api, long id, String state, String description, Optional<String> page, Optional<URI> url)
      throws ApiTrouble, IOException {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("state", state);
    fields.put(
        "description", Words.shortened(Words.printableLine(description), LONGEST_DESCRIPTION));
    page.ifPresent(log -> fields.put("log_url", log));
    url.ifPresent(reached -> fields.put("environment_url", reached.toString()));
    fields.put("auto_inactive", false);
    api.write("POST", path() + "/" + id + "/statuses", fields, true);
  }

  private String path() {
    return "/repos/" + run.repository().fullName() + "/deployments";
  }

  /** One pull request's are told from another's by their task. */
  private static String task(EnvironmentRef environment) {
    return environment.pullRequest().map(number -> "deploy:pull-" + number).orElse("deploy");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
