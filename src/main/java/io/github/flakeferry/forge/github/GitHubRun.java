package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequestNow;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Progress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A run on GitHub. */
record GitHubRun(
    Event event,
    RunContext run,
    Optional<Secret> token,
    Progress log,
    WorkflowLog workflowLog,
    Queries queries,
    Reporter reporter,
    Losses losses,
    RunFiles files)
    implements Forge {

  @Override
  public Optional<PullRequestNow> pullRequest(long number) {
    return queries.one(number);
  }

  @Override
  public Optional<List<PullRequest>> openPullRequests() {
    return queries.open();
  }

  @Override
  public Optional<StatusState> status(GitRevision commit, String context) {
    return queries.status(commit, context);
  }

  @Override
  public void boardStatus(
      GitRevision commit, String context, StatusState state, String description) {
    reporter.status(commit, context, state, description);
  }

  @Override
  public void comment(long pullRequest, String marker, String markdown) {
    reporter.comment(pullRequest, marker, markdown);
  }

  @Override
  public void summary(String markdown) {
    files.summary(markdown + lost());
  }

  @Override
  public void output(String name, String value) {
    files.output(name, value);
  }

  @Override
  public void mask(Secret secret) {
    workflowLog.mask(secret);
  }

  @Override
  public void failed(Failure failure) {
    workflowLog.failed(failure);
  }

  // what a forge said stands in a code block, where it is only text
  private String lost() {
    if (losses.reports().isEmpty()) {
      return "";
    }
    return "\n\n#### Not reported to GitHub\n\n````text\n"
        + losses.causes().stream().map(GitHubRun::inBlock).collect(Collectors.joining())
        + losses.reports().stream().map(r -> inBlock("- " + r)).collect(Collectors.joining())
        + "````\n";
  }

  private static String inBlock(String line) {
    return Words.printableLine(line).replace('`', '\'') + "\n";
  }
}
