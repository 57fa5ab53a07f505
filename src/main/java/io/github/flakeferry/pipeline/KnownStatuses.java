package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.forge.CommitStatus;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What commits' statuses said when a run first asked. Only who may write to the repository may set
 * one, so they are what earlier runs have told. For several threads.
 */
final class KnownStatuses {
  private final Forge forge;
  private final Map<GitRevision, Optional<List<CommitStatus>>> known = new HashMap<>();

  KnownStatuses(Forge forge) {
    this.forge = forge;
  }

  /** None where there are none, or where the forge does not tell. */
  List<CommitStatus> of(GitRevision commit) {
    return asked(commit).orElse(List.of());
  }

  /** Whether the forge tells them: where it does not, nobody knows what there was. */
  boolean tells(GitRevision commit) {
    return asked(commit).isPresent();
  }

  private synchronized Optional<List<CommitStatus>> asked(GitRevision commit) {
    return known.computeIfAbsent(commit, forge::statuses);
  }

  Optional<CommitStatus> of(GitRevision commit, String context) {
    return of(commit).stream().filter(s -> s.isAbout(context)).findFirst();
  }

  /** Whether a status says so. */
  boolean says(GitRevision commit, String context, StatusState state) {
    return of(commit, context).filter(s -> s.state() == state).isPresent();
  }

  /**
   * Whether our runs may have told of a pull request's head. Those for a stranger's may not, and
   * there may be many: only what somebody asked for has a status.
   */
  boolean mayBeOurs(PullRequest request) {
    return request.trust() == HeadTrust.SAME_REPOSITORY
        || of(request.head()).stream().anyMatch(s -> Reported.isOurs(s.context()));
  }

  /** Whether it was by hand that a pull request's commit was asked for in an environment. */
  boolean isByHand(GitRevision commit, EnvironmentPolicy environment, long pullRequest) {
    return of(commit, Reported.context(environment))
        .filter(s -> s.description().startsWith(Reported.byHand(pullRequest)))
        .isPresent();
  }
}
