package io.github.flakeferry.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.GitHubStandIn.Disturbance;
import io.github.flakeferry.testbed.GitHubStandIn.Request;
import io.github.flakeferry.testbed.GitHubStandIn.RequestJudge;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API of the stand-in for GitHub. */
final class GitHubRest implements HttpHandler {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern STATUSES = Pattern.compile("/repos/([^/]+/[^/]+)/statuses/([^/]+)");
  private static final Pattern COMBINED =
      Pattern.compile("/repos/([^/]+/[^/]+)/commits/([^/]+)/status");
  private static final Pattern COMMENTS =
      Pattern.compile("/repos/([^/]+/[^/]+)/issues/(\\d{1,18})/comments");
  private static final Pattern COMMENT =
      Pattern.compile("/repos/([^/]+/[^/]+)/issues/comments/(\\d{1,18})");
  private static final Pattern PULLS =
      Pattern.compile("/repos/([^/]+/[^/]+)/pulls(?:/(\\d{1,18}))?");
  private static final Set<String> STATES = Set.of("error", "failure", "pending", "success");
  private static final int LONGEST_DESCRIPTION = 140;
  private static final int LONGEST_COMMENT = 65_536;

  private final GitHubState state;
  private final RequestJudge judge;
  private final GitHubJson json;

  GitHubRest(GitHubState state, RequestJudge judge) {
    this.state = state;
    this.judge = judge;
    this.json = new GitHubJson(state);
  }

  private record Answer(int status, Map<String, String> headers, String body) {
    static Answer of(int status, JsonNode body) {
      return new Answer(status, Map.of(), body.toString());
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      String path = exchange.getRequestURI().getRawPath();
      String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Answer answer = judged(exchange, method, path, query, body);
      state.add(new Request(method, path, query, answer.status()));
      if (answer.status() == 0) {
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  // a fault must not look like an answer that GitHub could give, or it might pass for one
  private Answer judged(
      HttpExchange exchange, String method, String path, String query, String body) {
    try {
      judge.judge(method, path, query, body);
      Optional<Disturbance> disturbance = state.nextDisturbance();
      if (disturbance.isPresent()) {
        var d = disturbance.get();
        return new Answer(d.status(), d.headers(), d.body());
      }
      Answer answer = answer(exchange, method, path, query, body);
      judge.judgeAnswer(method, path, answer.status(), answer.body());
      return answer;
    } catch (RuntimeException | AssertionError e) {
      state.fault(method + " " + path + ": " + e);
      return new Answer(418, Map.of(), "");
    }
  }

  private Answer answer(
      HttpExchange exchange, String method, String path, String query, String body) {
    Optional<Answer> refused = authenticate(exchange);
    if (refused.isPresent()) {
      return refused.get();
    }
    Matcher statuses = STATUSES.matcher(path);
    Matcher combined = COMBINED.matcher(path);
    Matcher comments = COMMENTS.matcher(path);
    Matcher comment = COMMENT.matcher(path);
    Matcher pulls = PULLS.matcher(path);
    if (method.equals("GET") && pulls.matches()) {
      return within(pulls, () -> pulls(pulls.group(2), query));
    }
    if (method.equals("GET") && path.equals("/user")) {
      return state.account().isApp()
          ? problem(403, "Resource not accessible by integration")
          : Answer.of(200, json.user(state.account()));
    }
    if (method.equals("POST") && statuses.matches()) {
      return within(statuses, () -> setStatus(statuses.group(1), statuses.group(2), body));
    }
    if (method.equals("GET") && combined.matches()) {
      return within(
          combined, () -> Answer.of(200, json.combined(combined.group(1), combined.group(2))));
    }
    if (comments.matches() && Set.of("GET", "POST").contains(method)) {
      long number = Long.parseLong(comments.group(2));
      return within(
          comments,
          () ->
              method.equals("GET")
                  ? listComments(comments.group(1), number, query)
                  : comment(comments.group(1), number, body));
    }
    if (method.equals("PATCH") && comment.matches()) {
      return within(comment, () -> edit(comment.group(1), Long.parseLong(comment.group(2)), body));
    }
    return problem(404, "Not Found");
  }

  private interface Work {
    Answer run();
  }

  private Answer within(Matcher path, Work work) {
    return state.repository(path.group(1)).isPresent() ? work.run() : problem(404, "Not Found");
  }

  private Optional<Answer> authenticate(HttpExchange exchange) {
    String given =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    if (given.isEmpty()) {
      return Optional.of(problem(401, "Requires authentication"));
    }
    return state.isToken(given.replaceFirst("^(?:Bearer|token) ", ""))
        ? Optional.empty()
        : Optional.of(problem(401, "Bad credentials"));
  }

  private Answer setStatus(String repository, String sha, String body) {
    if (!state.permits("statuses: write")) {
      return problem(403, "Resource not accessible by integration");
    }
    JsonNode fields = parse(body);
    String description = fields.path("description").asString("");
    if (!STATES.contains(fields.path("state").asString(""))
        || description.length() > LONGEST_DESCRIPTION) {
      return problem(422, "Validation Failed");
    }
    if (!sha.matches("[0-9a-f]{40}") || !hasCommit(repository, sha)) {
      return problem(422, "No commit found for SHA: " + sha);
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
    state.add(status);
    return Answer.of(201, json.status(repository, status));
  }

  private Answer pulls(@Nullable String number, String query) {
    if (number != null) {
      return state
          .pulls()
          .find(Long.parseLong(number))
          .map(pull -> Answer.of(200, pull))
          .orElseGet(() -> problem(404, "Not Found"));
    }
    return page(state.pulls().open(), "/pulls", query);
  }

  private Answer listComments(String repository, long number, String query) {
    var all = state.kept(number).stream().<JsonNode>map(c -> json.comment(repository, c)).toList();
    return page(all, "/issues/" + number + "/comments", query);
  }

  private Answer page(List<? extends JsonNode> all, String path, String query) {
    int perPage = Math.clamp(parameter(query, "per_page", 30), 1, 100);
    int page = Math.max(1, parameter(query, "page", 1));
    var array = JSON.createArrayNode();
    all.stream().skip((long) (page - 1) * perPage).limit(perPage).forEach(array::add);
    var links = new ArrayList<String>();
    String base = state.api() + "/repositories/1" + path + "?per_page=" + perPage;
    if ((long) page * perPage < all.size()) {
      links.add("<" + base + "&page=" + (page + 1) + ">; rel=\"next\"");
    }
    if (page > 1) {
      links.add("<" + base + "&page=" + (page - 1) + ">; rel=\"prev\"");
    }
    return new Answer(
        200,
        links.isEmpty() ? Map.of() : Map.of("Link", String.join(", ", links)),
        array.toString());
  }

  private Answer comment(String repository, long number, String body) {
    if (!state.permits("pull-requests: write")) {
      return problem(403, "Resource not accessible by integration");
    }
    String text = parse(body).path("body").asString("");
    if (text.isBlank() || text.length() > LONGEST_COMMENT) {
      return problem(422, "Validation Failed");
    }
    var account = state.account();
    return Answer.of(
        201,
        json.comment(repository, state.addComment(number, account.login(), account.type(), text)));
  }

  private Answer edit(String repository, long id, String body) {
    if (!state.permits("pull-requests: write")) {
      return problem(403, "Resource not accessible by integration");
    }
    String text = parse(body).path("body").asString("");
    if (text.isBlank() || text.length() > LONGEST_COMMENT) {
      return problem(422, "Validation Failed");
    }
    return state
        .editComment(id, text)
        .map(c -> Answer.of(200, json.comment(repository, c)))
        .orElseGet(() -> problem(404, "Not Found"));
  }

  // an empty folder is a repository that has any commit, for tests without git
  private boolean hasCommit(String repository, String sha) {
    Path folder = state.repository(repository).orElseThrow();
    try {
      return !Files.exists(folder.resolve("objects"))
          || Command.of("git", "-c", "safe.directory=*", "cat-file", "-e", sha + "^{commit}")
              .in(folder)
              .run()
              .exit()
              .succeeded();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Answer problem(int status, String message) {
    return Answer.of(status, json.problem(status, message));
  }

  private static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      return JSON.createObjectNode();
    }
  }

  private static int parameter(String query, String name, int otherwise) {
    Matcher value = Pattern.compile("(?:^|&)" + name + "=(\\d{1,6})(?:&|$)").matcher(query);
    return value.find() ? Integer.parseInt(value.group(1)) : otherwise;
  }
}
