package io.github.flakeferry.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.flakeferry.testbed.GitHubStandIn.Request;
import io.github.flakeferry.testbed.GitHubStandIn.RequestJudge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The REST API of the stand-in for GitHub: what all of its parts share. The token, the limits, the
 * ETags, and the judge.
 */
final class GitHubRest implements HttpHandler {
  private static final Pattern REPOSITORY = Pattern.compile("/repos/([^/]+/[^/]+)/.*");

  private final GitHubState state;
  private final StandInFor forge;
  private final RequestJudge judge;
  private final GitHubLimits limits;
  private final List<GitHubApi> parts;

  GitHubRest(
      GitHubState state,
      StandInFor forge,
      RequestJudge judge,
      GitHubLimits limits,
      List<GitHubApi> parts) {
    this.state = state;
    this.forge = forge;
    this.judge = judge;
    this.limits = limits;
    this.parts = List.copyOf(parts);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var call =
          new GitHubCall(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath().substring(forge.apiPath().length()),
              Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      Instant at = Instant.now();
      GitHubAnswer answer = judged(exchange, call);
      state.add(new Request(call.method(), call.path(), call.query(), answer.status(), at));
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
  private GitHubAnswer judged(HttpExchange exchange, GitHubCall call) {
    try {
      judge.judge(call.method(), call.path(), call.query(), call.body());
      Optional<GitHubAnswer> disturbance =
          state.nextDisturbance().map(d -> new GitHubAnswer(d.status(), d.headers(), d.body()));
      if (disturbance.isPresent()) {
        return disturbance.orElseThrow();
      }
      GitHubAnswer answer =
          limits.keeping(call, () -> authenticate(exchange).orElseGet(() -> answer(call)));
      judge.judgeAnswer(call.method(), call.path(), answer.status(), answer.body());
      return limits.told(tagged(exchange, call, answer));
    } catch (RuntimeException | AssertionError e) {
      state.fault(call.method() + " " + call.path() + ": " + e);
      return new GitHubAnswer(418, Map.of(), "");
    }
  }

  private GitHubAnswer answer(GitHubCall call) {
    Matcher repository = REPOSITORY.matcher(call.path());
    return repository.matches() && state.repository(repository.group(1)).isEmpty()
        ? GitHubAnswer.notFound()
        : parts.stream()
            .flatMap(part -> part.answer(call).stream())
            .findFirst()
            .orElseGet(GitHubAnswer::notFound);
  }

  private Optional<GitHubAnswer> authenticate(HttpExchange exchange) {
    String given = header(exchange, "Authorization");
    if (given.isEmpty()) {
      return Optional.of(GitHubAnswer.problem(401, "Requires authentication"));
    }
    return state.isToken(given.replaceFirst("^(?:Bearer|token) ", ""))
        ? Optional.empty()
        : Optional.of(GitHubAnswer.problem(401, "Bad credentials"));
  }

  private GitHubAnswer tagged(HttpExchange exchange, GitHubCall call, GitHubAnswer answer) {
    if (forge.isGitea() || call.isWrite() || answer.status() != 200) {
      return answer;
    }
    String tag = "W/\"" + HexFormat.of().toHexDigits(answer.body().hashCode()) + "\"";
    return header(exchange, "If-None-Match").equals(tag)
        ? new GitHubAnswer(304, Map.of("ETag", tag), "")
        : answer.with(Map.of("ETag", tag));
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }
}
