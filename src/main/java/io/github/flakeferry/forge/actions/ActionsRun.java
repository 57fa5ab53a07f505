package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.CheckResult;
import io.github.flakeferry.forge.CommitStatus;
import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.EnvironmentRef;
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
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A run of a forge's Actions. */
record ActionsRun(
    Event event,
    Optional<GitRevision> before,
    RunContext run,
    Optional<Secret> token,
    Progress log,
    WorkflowLog workflowLog,
    Queries queries,
    Reports reports,
    Losses losses,
    RunFiles files,
    String forge,
    Runnable endWaits)
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
  public Optional<List<CommitStatus>> statuses(GitRevision commit) {
    return queries.statuses(commit);
  }

  @Override
  public void status(GitRevision commit, String context, StatusState state, String description) {
    reports.status(commit, context, state, description);
  }

  @Override
  public void deployment(
      GitRevision commit,
      EnvironmentRef environment,
      DeploymentState state,
      String description,
      Optional<URI> url) {
    reports.deployment(commit, environment, state, description, url);
  }

  @Override
  public void retire(EnvironmentRef environment, String description) {
    reports.retire(environment, description);
  }

  @Override
  public void checkBegun(GitRevision commit, String name, String title) {
    reports.checkBegun(commit, name, title);
  }

  @Override
  public void checkEnded(GitRevision commit, String name, CheckResult result) {
    reports.checkEnded(commit, name, result);
  }

  @Override
  public void closeAbandoned(Collection<GitRevision> commits) {
    reports.closeAbandoned(commits);
  }

  @Override
  public void comment(long pullRequest, String marker, String markdown) {
    reports.comment(pullRequest, marker, markdown, true);
  }

  @Override
  public void commentAgain(long pullRequest, String marker, String markdown) {
    reports.comment(pullRequest, marker, markdown, false);
  }

  @Override
  public void summary(String markdown) {
    reports.settle();
    files.summary(markdown + lost());
  }

  @Override
  public void hurry() {
    endWaits.run();
    reports.hurry();
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
    return "\n\n#### Not reported to "
        + forge
        + "\n\n````text\n"
        + losses.causes().stream().map(ActionsRun::inBlock).collect(Collectors.joining())
        + losses.reports().stream().map(r -> inBlock("- " + r)).collect(Collectors.joining())
        + "````\n";
  }

  private static String inBlock(String line) {
    return Words.printableLine(line).replace('`', '\'') + "\n";
  }
}
