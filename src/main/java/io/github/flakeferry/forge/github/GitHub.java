package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.actions.ActionsForge;
import io.github.flakeferry.forge.actions.Author;
import io.github.flakeferry.forge.actions.Dialect;
import io.github.flakeferry.forge.actions.Extras;
import io.github.flakeferry.forge.actions.Kind;
import io.github.flakeferry.forge.actions.RunPages;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** GitHub, by its REST API of version 2022-11-28. */
public final class GitHub implements Dialect {
  private static final int PAGE = 100;
  private static final Author JOB_ACCOUNT = new Author("github-actions[bot]", "Bot");

  /**
   * The run that GitHub started with these variables.
   *
   * @param log where the run's log is written: standard output
   * @throws io.github.flakeferry.forge.EventUnreadable if they are not there or make no sense
   */
  public static Forge fromEnvironment(Map<String, String> environment, PrintStream log) {
    return ActionsForge.fromEnvironment(environment, log, new GitHub());
  }

  @Override
  public String name() {
    return "GitHub";
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Accept", "application/vnd.github+json", "X-GitHub-Api-Version", "2022-11-28");
  }

  @Override
  public String page(int number) {
    return "per_page=" + PAGE + "&page=" + number;
  }

  @Override
  public boolean linksPages() {
    return true;
  }

  @Override
  public boolean pagesComments() {
    return true;
  }

  @Override
  public boolean isJobAccount(Author author) {
    return author.equals(JOB_ACCOUNT);
  }

  @Override
  public String openPullRequests() {
    return "state=open&sort=created&direction=asc";
  }

  @Override
  public String statusField() {
    return "state";
  }

  @Override
  public String pullRequestAction(String action, boolean draft) {
    return action;
  }

  @Override
  public String runNumber() {
    return "GITHUB_RUN_ID";
  }

  @Override
  public boolean tellsOfRuns() {
    return true;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(Kind.STATUS, Kind.DEPLOYMENT, Kind.CHECK, Kind.COMMENT);
  }

  @Override
  public String remedy(List<Kind> kinds) {
    return kinds.stream()
        .map(kind -> "`" + permission(kind) + "`")
        .collect(Collectors.joining(", ", "give the job `permissions:` with ", ""));
  }

  private static String permission(Kind kind) {
    return switch (kind) {
      case STATUS -> "statuses: write";
      case COMMENT -> "pull-requests: write";
      case DEPLOYMENT -> "deployments: write";
      case CHECK -> "checks: write";
    };
  }

  @Override
  public String neededToRead() {
    return "`permissions:` with `pull-requests: read`";
  }

  @Override
  public Optional<Extras> extras(RunContext run, RunPages pages) {
    return Optional.of(new GitHubExtras(run, pages));
  }
}
