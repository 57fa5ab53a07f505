package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.CheckResult;
import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.forge.actions.Report.Weight;
import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sends reports, and keeps account of those that could not be sent. */
final class Reports {
  private final Optional<Api> api;
  private final Losses losses;
  private final CommitStatuses statuses;
  private final Comments comments;
  private final Optional<Extras> extras;
  private final Dialect dialect;
  private final Outbox outbox = new Outbox(this::send);

  Reports(Optional<Api> api, RunContext run, Losses losses, Dialect dialect, InstantSource clock) {
    this.api = api;
    this.losses = losses;
    var pages = new RunPages(run, clock, dialect.tellsOfRuns());
    this.statuses = new CommitStatuses(run, pages);
    this.comments = new Comments(run);
    this.extras = dialect.extras(run, pages);
    this.dialect = dialect;
  }

  void status(GitRevision commit, String context, StatusState state, String description) {
    add(
        Kind.STATUS,
        CommitStatuses.key(commit, context),
        Weight.LATEST_COUNTS,
        context + " on " + commit.abbreviated() + ": " + CommitStatuses.label(state),
        asked -> statuses.set(asked, commit, context, state, description));
  }

  void comment(long pullRequest, String marker, String markdown, boolean mayBeNew) {
    add(
        Kind.COMMENT,
        pullRequest + " " + marker,
        Weight.LATEST_COUNTS,
        "on pull request #" + pullRequest,
        asked -> comments.write(asked, pullRequest, marker, markdown, mayBeNew));
  }

  void deployment(
      GitRevision commit,
      EnvironmentRef environment,
      DeploymentState state,
      String description,
      Optional<URI> url) {
    String label = state.name().toLowerCase(Locale.ROOT);
    extra(
        Kind.DEPLOYMENT,
        commit + " " + environment,
        Weight.EACH_COUNTS,
        "of " + commit.abbreviated() + " to " + environment.name() + ": " + label,
        (more, asked) ->
            more.deployment(asked, commit, environment, state, description, url)
                .ifPresent(losses::because));
  }

  void retire(EnvironmentRef environment, String description) {
    extra(
        Kind.DEPLOYMENT,
        "end of " + environment,
        Weight.EACH_COUNTS,
        "to " + environment.name() + ": inactive",
        (more, asked) -> more.retire(asked, environment, description));
  }

  void checkBegun(GitRevision commit, String name, String title) {
    extra(
        Kind.CHECK,
        commit.value(),
        Weight.LATEST_COUNTS,
        "",
        (more, asked) -> more.checkBegun(asked, commit, name, title));
  }

  void checkEnded(GitRevision commit, String name, CheckResult result) {
    extra(
        Kind.CHECK,
        commit.value(),
        Weight.LATEST_COUNTS,
        "",
        (more, asked) -> more.checkEnded(asked, commit, name, result));
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
            extra(
                Kind.DEPLOYMENT,
                "abandoned on " + commit,
                Weight.CAN_WAIT,
                what,
                (more, later) -> more.closeAbandonedDeployments(later, commit));
            extra(
                Kind.CHECK,
                "abandoned on " + commit,
                Weight.CAN_WAIT,
                what,
                (more, later) -> more.closeAbandonedChecks(later, commit));
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

  private interface Extra {
    void send(Extras extras, Api api) throws ApiTrouble, IOException;
  }

  // left out where the forge has no place for it
  private void extra(Kind kind, String subject, Weight weight, String what, Extra extra) {
    extras.ifPresent(more -> add(kind, subject, weight, what, asked -> extra.send(more, asked)));
  }

  private void add(Kind kind, String subject, Weight weight, String what, Report.Sending sending) {
    var report = new Report(kind, subject, weight, kind.one() + " " + what, sending);
    if (api.isEmpty()) {
      losses.lost(report);
      losses.because(
          "There is no token for %s: %s. Give the input `github-token`."
              .formatted(dialect.name(), nothingWritten()));
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
          "%s does not take the token of the input `github-token` (%s): %s."
              .formatted(dialect.name(), trouble.problem(), nothingWritten()));
    } else if (trouble.isPassing()) {
      losses.because("Reports are late: " + trouble.problem() + ".");
    } else if (trouble.isForbidden()) {
      losses.refused(kind, trouble.problem());
    } else if (trouble.isNotFound()) {
      losses.because(
          "%s found nothing to write a %s to (%s). Where it is there, the token may not see it: %s."
              .formatted(
                  dialect.name(), kind.one(), trouble.problem(), dialect.remedy(List.of(kind))));
    } else {
      losses.because("A " + kind.one() + " could not be written: " + trouble.problem() + ".");
    }
  }

  private String nothingWritten() {
    List<Kind> kinds = dialect.kinds();
    return kinds.subList(0, kinds.size() - 1).stream()
            .map(Kind::many)
            .collect(Collectors.joining(", ", "no ", " and "))
        + kinds.getLast().many()
        + " are written";
  }
}
