package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.CheckResult;
import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.forge.github.Report.Weight;
import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;

/** Sends reports, and keeps account of those that could not be sent. */
final class Reports {
  private final Optional<Api> api;
  private final Losses losses;
  private final CommitStatuses statuses;
  private final Comments comments;
  private final Deployments deployments;
  private final CheckRuns checks;
  private final Outbox outbox = new Outbox(this::send);

  Reports(Optional<Api> api, RunContext run, Losses losses, InstantSource clock) {
    this.api = api;
    this.losses = losses;
    var pages = new RunPages(run, clock);
    this.statuses = new CommitStatuses(run, pages);
    this.comments = new Comments(run);
    this.deployments = new Deployments(run, pages);
    this.checks = new CheckRuns(run, pages);
  }

  void status(GitRevision commit, String context, StatusState state, String description) {
    add(
        Kind.STATUS,
        CommitStatuses.key(commit, context),
        Weight.LATEST_COUNTS,
        context + " on " + commit.abbreviated() + ": " + CommitStatuses.label(state),
        asked -> statuses.set(asked, commit, context, state, description));
  }

  void comment(long pullRequest, String marker, String markdown) {
    add(
        Kind.COMMENT,
        pullRequest + " " + marker,
        Weight.LATEST_COUNTS,
        "on pull request #" + pullRequest,
        asked -> comments.write(asked, pullRequest, marker, markdown));
  }

  void deployment(
      GitRevision commit,
      EnvironmentRef environment,
      DeploymentState state,
      String description,
      Optional<URI> url) {
    add(
        Kind.DEPLOYMENT,
        commit + " " + environment,
        Weight.EACH_COUNTS,
        "of "
            + commit.abbreviated()
            + " to "
            + environment.name()
            + ": "
            + Deployments.label(state),
        asked ->
            deployments
                .tell(asked, commit, environment, state, description, url)
                .ifPresent(losses::because));
  }

  void retire(EnvironmentRef environment, String description) {
    add(
        Kind.DEPLOYMENT,
        "end of " + environment,
        Weight.EACH_COUNTS,
        "to " + environment.name() + ": inactive",
        asked -> deployments.retire(asked, environment, description));
  }

  void checkBegun(GitRevision commit, String title) {
    add(
        Kind.CHECK,
        commit.value(),
        Weight.LATEST_COUNTS,
        "",
        asked -> checks.begin(asked, commit, title));
  }

  void checkEnded(GitRevision commit, CheckResult result) {
    add(
        Kind.CHECK,
        commit.value(),
        Weight.LATEST_COUNTS,
        "",
        asked -> checks.end(asked, commit, result));
  }

  /** A commit whose statuses are all told has nothing else open either: they are told last. */
  void closeAbandoned(Collection<GitRevision> commits) {
    commits.stream().distinct().forEach(this::closeAbandoned);
  }

  private void closeAbandoned(GitRevision commit) {
    String what = "what runs left open on " + commit.abbreviated();
    add(
        Kind.STATUS,
        "abandoned on " + commit,
        Weight.CAN_WAIT,
        what,
        asked -> {
          if (statuses.closeAbandoned(asked, commit)) {
            add(
                Kind.DEPLOYMENT,
                "abandoned on " + commit,
                Weight.CAN_WAIT,
                what,
                later -> deployments.closeAbandoned(later, commit));
            add(
                Kind.CHECK,
                "abandoned on " + commit,
                Weight.CAN_WAIT,
                what,
                later -> checks.closeAbandoned(later, commit));
          }
        });
  }

  /** Waits until all is sent that can be, and says why the rest can't. */
  void settle() {
    outbox.settle().forEach(losses::lost);
    losses.tellRefusals();
  }

  void hurry() {
    api.ifPresent(Api::hurry);
    outbox.hurry();
  }

  private void add(Kind kind, String subject, Weight weight, String what, Report.Sending sending) {
    var report = new Report(kind, subject, weight, kind.one() + " " + what, sending);
    if (api.isEmpty()) {
      losses.lost(report);
      losses.because(
          "There is no token for GitHub: no commit statuses, Deployments, check runs and comments"
              + " are written. Give the input `github-token`.");
    } else {
      outbox.add(report);
    }
  }

  /** False where it has to be tried again later. */
  private boolean send(Report report) {
    if (losses.isHopeless(report.kind())) {
      losses.lost(report);
      return true;
    }
    try {
      report.sending().send(api.orElseThrow());
      losses.sent(report);
      return true;
    } catch (ApiTrouble e) {
      explain(report.kind(), e);
      if (e.isPassing()) {
        return false;
      }
    } catch (IOException | RuntimeException e) {
      losses.because("A " + report.kind().one() + " could not be written: " + e.getMessage() + ".");
    }
    losses.lost(report);
    return true;
  }

  private void explain(Kind kind, ApiTrouble trouble) {
    if (trouble.isBadToken()) {
      losses.giveUpAll();
      losses.because(
          "GitHub does not take the token of the input `github-token` ("
              + trouble.problem()
              + "): no commit statuses, Deployments, check runs and comments are written.");
    } else if (trouble.isPassing()) {
      losses.because("Reports are late: " + trouble.problem() + ".");
    } else if (trouble.isForbidden()) {
      losses.refused(kind, trouble.problem());
    } else if (trouble.isNotFound()) {
      losses.because(
          "GitHub found nothing to write a "
              + kind.one()
              + " to ("
              + trouble.problem()
              + "). Where it is there, the token may not see it: give the job `permissions:` with `"
              + kind.permission()
              + "`.");
    } else {
      losses.because("A " + kind.one() + " could not be written: " + trouble.problem() + ".");
    }
  }
}
