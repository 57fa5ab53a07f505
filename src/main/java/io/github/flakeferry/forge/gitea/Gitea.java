package io.github.flakeferry.forge.gitea;

import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.actions.Author;
import io.github.flakeferry.forge.actions.Dialect;
import io.github.flakeferry.forge.actions.Extras;
import io.github.flakeferry.forge.actions.Kind;
import io.github.flakeferry.forge.actions.RunPages;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Gitea, and Forgejo, which came of it (their API is described at {@code /api/swagger} of each
 * instance).
 *
 * @param name what people call it
 * @param runNumber the variable whose number stands in the address of a run's page
 */
public record Gitea(String name, String runNumber) implements Dialect {
  /** What an instance gives at most, where its administrator did not choose otherwise. */
  private static final int PAGE = 50;

  private static final String TRUE = "true";

  /**
   * Gitea or Forgejo, where the variables are those that their runners set. Forgejo's sets Gitea's
   * variable, too; one that sets neither is known by where the API is.
   */
  public static Optional<Gitea> of(Map<String, String> environment) {
    if (TRUE.equals(environment.get("FORGEJO_ACTIONS"))) {
      return Optional.of(forgejo());
    }
    return TRUE.equals(environment.get("GITEA_ACTIONS"))
            || environment.getOrDefault("GITHUB_API_URL", "").matches(".*/api/v1/?")
        ? Optional.of(gitea())
        : Optional.empty();
  }

  static Gitea gitea() {
    return new Gitea("Gitea", "GITHUB_RUN_ID");
  }

  static Gitea forgejo() {
    return new Gitea("Forgejo", "GITHUB_RUN_NUMBER");
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Accept", "application/json");
  }

  @Override
  public String page(int number) {
    return "limit=" + PAGE + "&page=" + number;
  }

  // the combined status comes in pages that say nothing of further ones
  @Override
  public boolean linksPages() {
    return false;
  }

  @Override
  public boolean pagesComments() {
    return false;
  }

  // a Forgejo may be taken for a Gitea; neither says what kind of account it is
  @Override
  public boolean isJobAccount(Author author) {
    return author.login().equals("gitea-actions") || author.login().equals("forgejo-actions");
  }

  @Override
  public String openPullRequests() {
    return "state=open&sort=oldest";
  }

  @Override
  public String statusField() {
    return "status";
  }

  // a draft is one by its title, of which no event of its own tells
  @Override
  public String pullRequestAction(String action, boolean draft) {
    return switch (action) {
      case "synchronized" -> "synchronize";
      case "label_updated", "label_cleared" -> "labeled";
      case "edited" -> draft ? "converted_to_draft" : "ready_for_review";
      default -> action;
    };
  }

  @Override
  public boolean tellsOfRuns() {
    return false;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(Kind.STATUS, Kind.COMMENT);
  }

  @Override
  public String remedy(List<Kind> kinds) {
    return kinds.stream()
        .map(kind -> kind == Kind.COMMENT ? "`write:issue`" : "`write:repository`")
        .distinct()
        .collect(
            Collectors.joining(
                ", ",
                "give the input `github-token` one of somebody who may write here, with the scope ",
                ""));
  }

  @Override
  public String neededToRead() {
    return "the scope `read:repository`";
  }

  @Override
  public Optional<Extras> extras(RunContext run, RunPages pages) {
    return Optional.empty();
  }
}
