package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Lease;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import io.github.flakeferry.model.PullRequestNow;
import io.github.flakeferry.model.terms.LeaseTerms;
import java.util.HashMap;
import java.util.List;
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
        .flatMap(this::now)
        .filter(
            now ->
                !now.open()
                    || !(isToHave(now.request(), environment, board)
                        || mayBeByHand(now.request(), lease, environment)))
        .isPresent();
  }

  /**
   * Whether a pull request is to have a board of an environment, whichever: events may come late,
   * or in another order.
   */
  synchronized boolean needsOneOf(EnvironmentPolicy environment, long number) {
    return now(number)
        .filter(PullRequestNow::open)
        .filter(
            now ->
                boards(now.request(), environment).findAny().isPresent()
                    || mayBeByHand(now.request(), now.request().head(), environment))
        .isPresent();
  }

  /**
   * Those pools of a preview that its pull request is to have by now, as far as the forge tells. A
   * draft gets a board by hand, and needs no label for that.
   *
   * @throws Refused if there are none
   */
  synchronized Plan.Preview stillWanted(Plan.Preview plan) {
    Optional<PullRequestNow> now = now(plan.pullRequest());
    if (now.filter(n -> !n.open()).isPresent()) {
      throw Refused.closedMeanwhile(plan.pullRequest());
    }
    if (now.isEmpty() || plan.source().proof() == Plan.Proof.PRESENT_HEAD) {
      return plan;
    }
    PullRequest request = now.orElseThrow().request();
    List<Plan.Pool> wanted =
        plan.pools().stream()
            .filter(pool -> boards(request, pool.environment()).findAny().isPresent())
            .toList();
    if (wanted.isEmpty()) {
      throw Refused.unwantedMeanwhile(plan.pullRequest());
    }
    return plan.only(wanted);
  }

  // where the forge does not tell, the event has told of its own
  private Optional<PullRequestNow> now(long number) {
    return known.computeIfAbsent(
        number,
        n ->
            forge
                .pullRequest(n)
                .or(
                    () ->
                        forge
                            .event()
                            .pullRequest()
                            .filter(request -> request.number() == n)
                            .map(request -> new PullRequestNow(request, !isClosing()))));
  }

  private boolean isClosing() {
    return forge.event() instanceof Event.PullRequestClosed;
  }

  private boolean isToHave(PullRequest request, EnvironmentPolicy environment, BoardName board) {
    return boards(request, environment).anyMatch(b -> b.name().equals(board));
  }

  private Stream<BoardPolicy> boards(PullRequest request, EnvironmentPolicy environment) {
    return planned.apply(request) instanceof Plan.Preview preview
        ? preview.pools().stream()
            .filter(pool -> pool.environment().equals(environment))
            .flatMap(pool -> pool.boards().stream())
        : Stream.empty();
  }

  // whoever asked for it wants neither label nor readiness
  private boolean mayBeByHand(PullRequest request, Lease lease, EnvironmentPolicy environment) {
    return Stream.concat(Stream.of(request.head()), lease.builtFrom().stream())
        .anyMatch(commit -> mayBeByHand(request, commit, environment));
  }

  private boolean mayBeByHand(
      PullRequest request, GitRevision commit, EnvironmentPolicy environment) {
    return request.trust() == HeadTrust.UNTRUSTED
        || !statuses.tells(commit)
        || statuses.isByHand(commit, environment, request.number());
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
