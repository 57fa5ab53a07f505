package io.github.flakeferry.testbed;

import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/**
 * What Flakeferry needs of GitHub, or of Gitea or Forgejo, on loopback: the part of its REST API
 * that takes statuses, deployments, check runs and comments, and Git over HTTP. As on GitHub the
 * two are different origins. It keeps everything in memory and enforces what GitHub enforces: the
 * token, its permissions, its limits, that a commit is there, the lengths of descriptions and
 * comments.
 */
public final class GitHubStandIn implements AutoCloseable {
  /** Says of each request for the API whether GitHub would understand it. */
  @FunctionalInterface
  public interface RequestJudge {
    /**
     * Judges a request.
     *
     * @param path without the query
     * @param query as sent, empty without one
     * @param body empty without one
     * @throws RuntimeException if there is something wrong with it
     */
    void judge(String method, String path, String query, String body);

    /** Judges what the stand-in is about to answer, so that it does not teach wrong things. */
    default void judgeAnswer(String method, String path, int status, String body) {}
  }

  /** A commit status, in the order they were set. */
  public record Status(
      GitRevision commit,
      String context,
      String state,
      String description,
      Optional<String> targetUrl,
      Instant at) {}

  /**
   * A comment as it stands.
   *
   * @param edits how often it was changed
   */
  public record Comment(long id, long number, String author, String body, int edits) {}

  /**
   * A request that was answered, in the order of the answers.
   *
   * @param at when it came
   */
  public record Request(String method, String path, String query, int status, Instant at) {}

  /**
   * An answer that is given in place of the right one.
   *
   * @param status 0: none, the connection is closed
   */
  public record Disturbance(int status, Map<String, String> headers, String body) {
    public Disturbance {
      headers = Map.copyOf(headers);
    }
  }

  private final StandInFor forge;
  private final HttpServer web;
  private final HttpServer api;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Secret token;
  private final GitHubState state;
  private final GitHubLimits limits = new GitHubLimits();
  private final GitHubStatusApi statuses;
  private final GitHubDeploymentApi deployments;
  private final GitHubCheckApi checks;
  private final GitHubRunApi runs;

  private GitHubStandIn(StandInFor forge, Path repositories, Secret token, RequestJudge judge)
      throws IOException {
    this.forge = forge;
    this.token = token;
    this.web = listen();
    this.api = listen();
    this.state = new GitHubState(repositories, token, apiUrl(), serverUrl());
    state.account(forge.jobAccount(), forge.isGitea() ? "" : "Bot");
    web.createContext("/", new GitHubGit(state));
    this.statuses = new GitHubStatusApi(state);
    this.deployments = new GitHubDeploymentApi(state, statuses);
    this.checks = new GitHubCheckApi(state);
    this.runs = new GitHubRunApi(state);
    List<GitHubApi> parts =
        forge.isGitea()
            ? List.of(new GiteaApi(state, statuses))
            : List.of(statuses, deployments, checks, runs, new GitHubIssueApi(state));
    api.createContext(
        forge.apiPath().isEmpty() ? "/" : forge.apiPath(),
        new GitHubRest(state, forge, judge, limits, parts));
    for (HttpServer server : List.of(web, api)) {
      server.setExecutor(threads);
      server.start();
    }
  }

  /**
   * Starts it.
   *
   * @param repositories a folder with bare repositories, {@code owner/name.git} each
   * @param token the one token that it takes
   */
  public static GitHubStandIn start(Path repositories, Secret token) throws IOException {
    return start(repositories, token, (method, path, query, body) -> {});
  }

  /** Starts it with a judge of all requests. */
  public static GitHubStandIn start(Path repositories, Secret token, RequestJudge judge)
      throws IOException {
    return start(StandInFor.GITHUB, repositories, token, judge);
  }

  /** Starts it in place of another forge. */
  public static GitHubStandIn start(
      StandInFor forge, Path repositories, Secret token, RequestJudge judge) throws IOException {
    return new GitHubStandIn(forge, repositories, token, judge);
  }

  /** GITHUB_SERVER_URL: where repositories are cloned from. */
  public URI serverUrl() {
    return url(web);
  }

  /** GITHUB_API_URL. */
  public URI apiUrl() {
    return URI.create(url(api) + forge.apiPath());
  }

  /** All statuses of a commit, the oldest first. */
  public List<Status> statuses(GitRevision commit) {
    return statuses.all().stream().filter(s -> s.commit().equals(commit)).toList();
  }

  /** A status that somebody set earlier. */
  public void addStatus(Status status) {
    statuses.add(status);
  }

  /** All deployments, the oldest first. */
  public List<GitHubDeployment> deployments() {
    return deployments.all();
  }

  /**
   * A deployment that somebody made earlier.
   *
   * @param task {@code deploy} or another
   * @param payload as JSON; empty without one
   * @param states one after another
   * @param logUrl of its states
   * @return its id
   */
  public long addDeployment(
      GitRevision commit,
      String environment,
      String task,
      String payload,
      List<String> states,
      String logUrl) {
    long id = deployments.add(commit, environment, task, false, false, payload);
    states.forEach(
        s ->
            deployments.addStatus(
                id, new GitHubDeploymentStatus(state.nextId(), s, "", logUrl, "", Instant.now())));
    return id;
  }

  /** The check runs of a commit, the oldest first. */
  public List<GitHubCheckRun> checkRuns(GitRevision commit) {
    return checks.all().stream().filter(c -> c.commit().equals(commit)).toList();
  }

  /** A check run that somebody made earlier; the id does not count. */
  public void addCheckRun(GitHubCheckRun check) {
    checks.add(check);
  }

  /** A run is over, whether it said so or not. */
  public void endRun(long id) {
    runs.end(id);
  }

  /** Somebody starts a run again. */
  public void runAgain(long id) {
    runs.beginAgain(id);
  }

  /** So many requests are left until then. */
  public void limit(int requests, Instant until) {
    limits.leave(requests, until);
  }

  /** The comments on an issue or pull request, the oldest first. */
  public List<Comment> comments(long number) {
    return state.comments(number);
  }

  /** All requests for the API so far. */
  public List<Request> requests() {
    return state.requests();
  }

  /** Somebody comments. */
  public long addComment(long number, String login, String type, String body) {
    return state.addComment(number, login, type, body).comment().id();
  }

  /**
   * Makes a pull request known, or as it is now.
   *
   * @param pull with all that GitHub's description says is always there
   */
  public void putPullRequest(JsonNode pull) {
    state.pulls().put(pull);
  }

  /** Somebody deletes a comment. */
  public void deleteComment(long id) {
    state.deleteComment(id);
  }

  /** What the token may do from now on, such as {@code statuses: write}; all to begin with. */
  public void permit(Set<String> permissions) {
    state.permit(permissions);
  }

  /**
   * Whose token it is. To begin with it is a job's own, which may not ask who it is.
   *
   * @param type {@code User} or {@code Bot}
   */
  public void account(String login, String type) {
    state.account(login, type);
  }

  /** Anybody may clone from now on. */
  public void makePublic() {
    state.makePublic();
  }

  /** Gives this answer to the next request for the API that has none waiting. */
  public void disturb(Disturbance disturbance) {
    state.disturb(disturbance);
  }

  /**
   * The variables that GitHub would set for a container action, in a run that begins now.
   *
   * @param eventName {@code push}
   * @param payload the event file; repository, ref and commit are read from it
   * @param folder where the step's files, such as the one behind GITHUB_OUTPUT, are made
   */
  public Map<String, String> runEnvironment(String eventName, Path payload, Path folder)
      throws IOException {
    Map<String, String> variables =
        GitHubRunEnvironment.of(
            eventName, payload, folder, serverUrl(), apiUrl(), token, runs.begin());
    variables.putAll(forge.variables(serverUrl()));
    return variables;
  }

  /**
   * Stops.
   *
   * @throws IllegalStateException if the judge found fault with a request
   */
  @Override
  public void close() {
    web.stop(0);
    api.stop(0);
    threads.shutdownNow();
    if (!state.faults().isEmpty()) {
      throw new IllegalStateException(
          forge + " would not have understood: " + String.join("\n", state.faults()));
    }
  }

  private static HttpServer listen() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  private static URI url(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }
}
