package io.github.flakeferry.testbed;

import io.github.flakeferry.testbed.GitHubState.Account;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Comments, pull requests, and who asks. */
final class GitHubIssueApi implements GitHubApi {
  static final Pattern COMMENTS =
      Pattern.compile("/repos/([^/]+/[^/]+)/issues/(\\d{1,18})/comments");
  static final Pattern COMMENT =
      Pattern.compile("/repos/([^/]+/[^/]+)/issues/comments/(\\d{1,18})");
  static final Pattern PULLS = Pattern.compile("/repos/([^/]+/[^/]+)/pulls");
  static final Pattern PULL = Pattern.compile("/repos/([^/]+/[^/]+)/pulls/(\\d{1,18})");
  static final Pattern USER = Pattern.compile("/user");
  private static final int LONGEST_COMMENT = 65_536;

  private final GitHubState state;
  private final GitHubJson json;

  GitHubIssueApi(GitHubState state) {
    this.state = state;
    this.json = new GitHubJson(state);
  }

  @Override
  public Optional<GitHubAnswer> answer(GitHubCall call) {
    return call.fits("GET", PULLS)
        .map(p -> page(call, state.pulls().open()))
        .or(() -> call.fits("GET", PULL).map(p -> pull(number(p))))
        .or(() -> call.fits("GET", USER).map(p -> user()))
        .or(() -> call.fits("GET", COMMENTS).map(p -> list(call, p.group(1), number(p))))
        .or(() -> call.fits("POST", COMMENTS).map(p -> add(call, p.group(1), number(p))))
        .or(() -> call.fits("PATCH", COMMENT).map(p -> edit(call, p.group(1), number(p))))
        .or(() -> call.fits("DELETE", COMMENT).map(p -> delete(number(p))));
  }

  private static long number(Matcher path) {
    return Long.parseLong(path.group(2));
  }

  private GitHubAnswer user() {
    return state.account().isApp()
        ? GitHubAnswer.forbidden()
        : GitHubAnswer.of(200, json.self(state.account()));
  }

  private GitHubAnswer pull(long number) {
    return state
        .pulls()
        .find(number)
        .map(pull -> GitHubAnswer.of(200, pull))
        .orElseGet(GitHubAnswer::notFound);
  }

  private GitHubAnswer page(GitHubCall call, List<? extends JsonNode> all) {
    return GitHubAnswer.page(call, state.api().toString(), all, "");
  }

  private GitHubAnswer list(GitHubCall call, String repository, long number) {
    return page(call, state.kept(number).stream().map(c -> json.comment(repository, c)).toList());
  }

  private GitHubAnswer add(GitHubCall call, String repository, long number) {
    if (!state.permits("pull-requests: write")) {
      return GitHubAnswer.forbidden();
    }
    String text = call.fields().path("body").asString("");
    if (isNoComment(text)) {
      return GitHubAnswer.invalid();
    }
    Account account = state.account();
    return GitHubAnswer.of(
        201,
        json.comment(repository, state.addComment(number, account.login(), account.type(), text)));
  }

  private GitHubAnswer edit(GitHubCall call, String repository, long id) {
    if (!state.permits("pull-requests: write")) {
      return GitHubAnswer.forbidden();
    }
    String text = call.fields().path("body").asString("");
    if (isNoComment(text)) {
      return GitHubAnswer.invalid();
    }
    return state
        .editComment(id, text)
        .map(c -> GitHubAnswer.of(200, json.comment(repository, c)))
        .orElseGet(GitHubAnswer::notFound);
  }

  private GitHubAnswer delete(long id) {
    if (!state.permits("pull-requests: write")) {
      return GitHubAnswer.forbidden();
    }
    return state.deleteComment(id) ? GitHubAnswer.nothing() : GitHubAnswer.notFound();
  }

  private static boolean isNoComment(String text) {
    return text.isBlank() || text.length() > LONGEST_COMMENT;
  }
}
