package io.github.flakeferry.testbed;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.GitHubState.Account;
import io.github.flakeferry.testbed.GitHubState.Kept;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The same as Gitea and Forgejo have it: no deployments, no check runs, other pages and names. */
final class GiteaApi implements GitHubApi {
  private static final JsonMapper JSON = new JsonMapper();

  /** {@code MAX_RESPONSE_ITEMS}, which an administrator may choose. */
  private static final int MOST_ON_A_PAGE = 50;

  private final GitHubState state;
  private final GitHubStatusApi statuses;

  GiteaApi(GitHubState state, GitHubStatusApi statuses) {
    this.state = state;
    this.statuses = statuses;
  }

  @Override
  public Optional<GitHubAnswer> answer(GitHubCall call) {
    return call.fits("POST", GitHubStatusApi.STATUSES)
        .map(p -> set(p.group(1), p.group(2), call.fields()))
        .or(() -> call.fits("GET", GitHubStatusApi.COMBINED).map(p -> combined(call, p.group(2))))
        .or(() -> call.fits("GET", GitHubIssueApi.COMMENTS).map(p -> comments(number(p))))
        .or(
            () ->
                call.fits("POST", GitHubIssueApi.COMMENTS).map(p -> add(number(p), call.fields())))
        .or(
            () ->
                call.fits("PATCH", GitHubIssueApi.COMMENT).map(p -> edit(number(p), call.fields())))
        .or(() -> call.fits("DELETE", GitHubIssueApi.COMMENT).map(p -> delete(number(p))))
        .or(() -> call.fits("GET", GitHubIssueApi.PULLS).map(p -> pulls(call)))
        .or(() -> call.fits("GET", GitHubIssueApi.PULL).map(p -> pull(number(p))))
        .or(
            () ->
                call.fits("GET", GitHubIssueApi.USER)
                    .map(p -> GitHubAnswer.of(200, user(state.account()))));
  }

  private static long number(Matcher path) {
    return Long.parseLong(path.group(2));
  }

  private GitHubAnswer set(String repository, String sha, JsonNode fields) {
    if (!state.permits("statuses: write")) {
      return forbidden("write:repository");
    }
    if (!state.hasCommit(repository, sha)) {
      return GitHubAnswer.notFound();
    }
    var status =
        new Status(
            new GitRevision(sha),
            fields.path("context").asString("default"),
            fields.path("state").asString(""),
            fields.path("description").asString(""),
            Optional.of(fields.path("target_url").asString("")).filter(url -> !url.isEmpty()),
            Instant.now());
    statuses.add(status);
    return GitHubAnswer.of(201, status(status));
  }

  // without a link to further pages; and where there is nothing, older ones answer with nothing
  private GitHubAnswer combined(GitHubCall call, String sha) {
    var latest = new LinkedHashMap<String, Status>();
    statuses.all().stream()
        .filter(s -> s.commit().value().equals(sha))
        .forEach(s -> latest.put(s.context(), s));
    List<ObjectNode> page = page(call, latest.values().stream().map(this::status).toList());
    if (page.isEmpty()) {
      return new GitHubAnswer(200, Map.of(), "");
    }
    ObjectNode body =
        JSON.createObjectNode().put("sha", sha).put("state", "").put("total_count", page.size());
    body.putArray("statuses").addAll(page);
    return GitHubAnswer.of(200, body);
  }

  private static <T> List<T> page(GitHubCall call, List<T> all) {
    int limit = Math.clamp(call.number("limit", 30), 1, MOST_ON_A_PAGE);
    return all.stream()
        .skip((long) limit * (Math.max(1, call.number("page", 1)) - 1))
        .limit(limit)
        .toList();
  }

  // Gitea's description gives comments no pages
  private GitHubAnswer comments(long number) {
    var all = JSON.createArrayNode();
    state.kept(number).forEach(kept -> all.add(comment(kept)));
    return GitHubAnswer.of(200, all);
  }

  private GitHubAnswer add(long number, JsonNode fields) {
    if (!state.permits("pull-requests: write")) {
      return forbidden("write:issue");
    }
    Account account = state.account();
    String text = fields.path("body").asString("");
    return GitHubAnswer.of(
        201, comment(state.addComment(number, account.login(), account.type(), text)));
  }

  private GitHubAnswer edit(long id, JsonNode fields) {
    if (!state.permits("pull-requests: write")) {
      return forbidden("write:issue");
    }
    return state
        .editComment(id, fields.path("body").asString(""))
        .map(kept -> GitHubAnswer.of(200, comment(kept)))
        .orElseGet(GitHubAnswer::notFound);
  }

  private GitHubAnswer delete(long id) {
    if (!state.permits("pull-requests: write")) {
      return forbidden("write:issue");
    }
    return state.deleteComment(id) ? GitHubAnswer.nothing() : GitHubAnswer.notFound();
  }

  private GitHubAnswer pulls(GitHubCall call) {
    List<JsonNode> open = state.pulls().open();
    var all = JSON.createArrayNode();
    List<JsonNode> page = page(call, open);
    page.forEach(all::add);
    var headers = new LinkedHashMap<String, String>();
    headers.put("X-Total-Count", Integer.toString(open.size()));
    if (!page.isEmpty() && !page.getLast().equals(open.getLast())) {
      headers.put("Link", "<" + state.api() + call.path() + "?page=2>; rel=\"next\"");
    }
    return new GitHubAnswer(200, headers, all.toString());
  }

  private GitHubAnswer pull(long number) {
    return state
        .pulls()
        .find(number)
        .map(pull -> GitHubAnswer.of(200, pull))
        .orElseGet(GitHubAnswer::notFound);
  }

  private static GitHubAnswer forbidden(String scope) {
    return GitHubAnswer.problem(
        403, "token does not have at least one of required scope(s): [" + scope + "]");
  }

  private ObjectNode status(Status status) {
    String time = status.at().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", Math.abs((long) status.hashCode()))
            .put("status", status.state())
            .put("target_url", status.targetUrl().orElse(""))
            .put("description", status.description())
            .put("context", status.context())
            .put("created_at", time)
            .put("updated_at", time);
    return node.set("creator", user(state.account()));
  }

  private ObjectNode comment(Kept kept) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", kept.comment().id())
            .put("body", kept.comment().body())
            .put("created_at", now)
            .put("updated_at", now);
    return node.set("user", user(kept.author()));
  }

  private static ObjectNode user(Account account) {
    return JSON.createObjectNode()
        .put("id", Math.abs((long) account.login().hashCode()))
        .put("login", account.login());
  }
}
