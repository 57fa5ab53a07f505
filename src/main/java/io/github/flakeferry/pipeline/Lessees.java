package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Lease;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import io.github.flakeferry.model.PullRequestNow;
import io.github.flakeferry.model.terms.LeaseTerms;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether those still need their boards who have some. The forge is asked once about each. */
final class Lessees implements Pools.Lessees {
  private static final Pattern NUMBER = Pattern.compile("(.+)#([1-9][0-9]{0,17})");

  private final Forge forge;
  private final KnownStatuses statuses;
  private final Function<PullRequest, Plan> planned;
  private final Map<Long, Optional<PullRequestNow>> known = new HashMap<>();

  /**
   * @param planned what a pull request would get if it were pushed to now
   */
  Lessees(Forge forge, Function<PullRequest, Plan> planned) {
    this.forge = forge;
    this.statuses = new KnownStatuses(forge);
    this.planned = planned;
  }

  /**
   * Whether the forge says that this lease's pull request is closed, or is to have this board no
   * more: it was made a draft, or lost its label. What the forge does not tell, or is another
   * repository's, is taken for one that needs it.
   *
   * @param lease as the board says it, which may be anything
   */
  @Override
  public synchronized boolean isOver(Lease lease, EnvironmentPolicy environment, BoardName board) {
    return number(lease.owner())
        .flatMap(number -> known.computeIfAbsent(number, forge::pullRequest))
        .filter(
            now ->
                !now.open()
                    || !(isToHave(now.request(), environment, board)
                        || isByHand(now.request(), lease, environment)))
        .isPresent();
  }

  private boolean isToHave(PullRequest request, EnvironmentPolicy environment, BoardName board) {
    return planned.apply(request) instanceof Plan.Preview preview
        && preview.pools().stream()
            .filter(pool -> pool.environment().equals(environment))
            .flatMap(pool -> pool.boards().stream())
            .anyMatch(b -> b.name().equals(board));
  }

  // whoever asked for it wants neither label nor readiness
  private boolean isByHand(PullRequest request, Lease lease, EnvironmentPolicy environment) {
    return request.trust() == HeadTrust.UNTRUSTED
        || Stream.concat(Stream.of(request.head()), commit(lease).stream())
            .anyMatch(commit -> statuses.isByHand(commit, environment, request.number()));
  }

  private static Optional<GitRevision> commit(Lease lease) {
    return lease.commit().matches("[0-9a-f]{40}")
        ? Optional.of(new GitRevision(lease.commit()))
        : Optional.empty();
  }

  /** The pull request of this repository that an owner is; empty for any other. */
  Optional<Long> number(String owner) {
    Matcher parts = NUMBER.matcher(owner);
    return LeaseTerms.isOwner(owner)
            && parts.matches()
            && parts.group(1).equals(forge.run().repository().fullName())
        ? Optional.of(Long.parseLong(parts.group(2)))
        : Optional.empty();
  }
}
