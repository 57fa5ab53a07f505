package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.CommitStatus;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequestNow;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Asks how things are now: {@code GET /repos/{owner}/{repo}/pulls}, {@code
 * /repos/{owner}/{repo}/pulls/{number}} and {@code /repos/{owner}/{repo}/commits/{sha}/status}.
 */
final class Queries {
  private final Optional<Api> api;
  private final RunContext run;
  private final Progress log;
  private final Dialect dialect;

  Queries(Optional<Api> api, RunContext run, Progress log, Dialect dialect) {
    this.api = api;
    this.run = run;
    this.log = log;
    this.dialect = dialect;
  }

  /** One, or nothing with a warning. */
  Optional<PullRequestNow> one(long number) {
    return ask(
        "pull request " + number,
        asked -> {
          JsonNode answer = asked.get(pulls() + "/" + number).body();
          return new PullRequestNow(
              PullRequests.of(answer), answer.path("state").asString("").equals("open"));
        });
  }

  /** All that are open, those first that were opened first; or nothing with a warning. */
  Optional<List<PullRequest>> open() {
    return ask(
        "the open pull requests",
        asked -> {
          var all = new ArrayList<PullRequest>();
          asked.each(
              pulls() + "?" + dialect.openPullRequests(),
              "",
              node -> all.add(PullRequests.of(node)));
          return List.copyOf(all);
        });
  }

  /** The last status of a commit in each context, or nothing with a warning. */
  Optional<List<CommitStatus>> statuses(GitRevision commit) {
    return ask(
        "the statuses of " + commit.abbreviated(), asked -> CommitStatuses.ask(asked, run, commit));
  }

  private interface Query<T> {
    T ask(Api api) throws ApiTrouble, IOException;
  }

  private <T> Optional<T> ask(String what, Query<T> query) {
    if (api.isEmpty()) {
      log.warn(dialect.name() + " can't be asked about " + what + ": there is no token for it");
      return Optional.empty();
    }
    try {
      return Optional.of(query.ask(api.get()));
    } catch (ApiTrouble e) {
      log.warn(
          "%s does not tell about %s: %s%s"
              .formatted(
                  dialect.name(),
                  what,
                  e.problem(),
                  e.isForbidden() || e.isNotFound()
                      ? "; the token may lack " + dialect.neededToRead()
                      : ""));
    } catch (IOException | IllegalArgumentException e) {
      log.warn("%s does not tell about %s: %s".formatted(dialect.name(), what, e.getMessage()));
    }
    return Optional.empty();
  }

  private String pulls() {
    return "/repos/" + run.repository().fullName() + "/pulls";
  }
}
