package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.util.Optional;

/** Sends reports one after another, and keeps account of those that could not be sent. */
final class Reporter {
  private enum Kind {
    STATUS("commit status", "statuses: write"),
    COMMENT("comment", "pull-requests: write");

    private final String what;
    private final String permission;

    Kind(String what, String permission) {
      this.what = what;
      this.permission = permission;
    }
  }

  private interface Report {
    void send(Api api) throws ApiTrouble, IOException;
  }

  private final Optional<Api> api;
  private final Losses losses;
  private final CommitStatuses statuses;
  private final Comments comments;

  Reporter(Optional<Api> api, RunContext run, Losses losses) {
    this.api = api;
    this.losses = losses;
    this.statuses = new CommitStatuses(run);
    this.comments = new Comments(run);
  }

  void status(GitRevision commit, String context, StatusState state, String description) {
    report(
        Kind.STATUS,
        context + " on " + commit.abbreviated() + ": " + state.label(),
        api -> statuses.set(api, commit, context, state, description));
  }

  void comment(long pullRequest, String marker, String markdown) {
    report(
        Kind.COMMENT,
        "on pull request #" + pullRequest,
        api -> comments.write(api, pullRequest, marker, markdown));
  }

  private synchronized void report(Kind kind, String subject, Report report) {
    String what = kind.what + " " + subject;
    if (api.isEmpty()) {
      losses.lost(what);
      losses.because(
          "There is no token for GitHub: no commit statuses and comments are written."
              + " Give the input `github-token`.");
      return;
    }
    if (losses.isHopeless(kind.name())) {
      losses.lost(what);
      return;
    }
    try {
      report.send(api.get());
    } catch (ApiTrouble e) {
      losses.lost(what);
      explain(kind, e);
    } catch (IOException e) {
      losses.lost(what);
      losses.because("A " + kind.what + " could not be written: " + e.getMessage() + ".");
    }
  }

  private void explain(Kind kind, ApiTrouble trouble) {
    if (trouble.isBadToken()) {
      losses.giveUpAll();
      losses.because(
          "GitHub does not take the token of the input `github-token` ("
              + trouble.problem()
              + "): no commit statuses and comments are written.");
    } else if (trouble.isForbidden()) {
      losses.giveUp(kind.name());
      losses.because(
          "The token may not write a "
              + kind.what
              + " ("
              + trouble.problem()
              + "): give the job `permissions:` with `"
              + kind.permission
              + "`.");
    } else if (trouble.isNotFound()) {
      losses.because(
          "GitHub found nothing to write a "
              + kind.what
              + " to ("
              + trouble.problem()
              + "). Where it is there, the token may not see it: give the job `permissions:` with `"
              + kind.permission
              + "`.");
    } else if (trouble.isUncertain()) {
      losses.pause();
      losses.because("Reports are lost: " + trouble.problem() + ".");
    } else {
      losses.because("A " + kind.what + " could not be written: " + trouble.problem() + ".");
    }
  }
}
