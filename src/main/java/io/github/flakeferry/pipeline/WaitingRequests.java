package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.pipeline.Plan.Content;
import io.github.flakeferry.pipeline.Plan.Pool;
import io.github.flakeferry.pipeline.Plan.Preview;
import io.github.flakeferry.pipeline.Plan.Proof;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the pull requests that wait for a board: their heads' statuses say so. */
record WaitingRequests(Work work, KnownStatuses statuses) {

  /** The oldest first, in each pool those for which a board is free that they may have. */
  List<Preview> of(Plan.Sweep sweep, List<PullRequest> open, Boards boards) {
    var byRequest = new LinkedHashMap<PullRequest, List<Pool>>();
    var pools = work.pools(boards);
    for (Pool pool : sweep.pools()) {
      var free =
          new ArrayList<>(
              pools.ask(pool).stream()
                  .filter(PoolBoard.Free.class::isInstance)
                  .map(PoolBoard::board)
                  .toList());
      for (PullRequest request : open) {
        if (!free.isEmpty() && waits(request, pool)) {
          // one that waits for a board of another kind is in nobody's way
          Optional<BoardPolicy> its = free.stream().filter(may(request, pool)).findFirst();
          its.ifPresent(free::remove);
          its.ifPresent(b -> byRequest.computeIfAbsent(request, r -> new ArrayList<>()).add(pool));
        }
      }
    }
    var previews = new ArrayList<Preview>();
    byRequest.forEach((request, own) -> preview(request, own).ifPresent(previews::add));
    return previews;
  }

  /** Which of a pool's boards a pull request may have: its labels may choose some of them. */
  private Predicate<BoardPolicy> may(PullRequest request, Pool pool) {
    if (isByHand(request, pool)) {
      return board -> true;
    }
    List<BoardPolicy> chosen =
        work.planned(request) instanceof Preview preview
            ? preview.pools().stream()
                .filter(p -> p.environment().equals(pool.environment()))
                .flatMap(p -> p.boards().stream())
                .toList()
            : List.of();
    return chosen::contains;
  }

  private boolean waits(PullRequest request, Pool pool) {
    return statuses.says(request.head(), Reported.context(pool.environment()), StatusState.WAITING)
        // the head of another one may be the same commit, whose status says that it waits
        && (isByHand(request, pool) || work.wants(request, pool));
  }

  /**
   * Whether somebody who may start the workflow asked for this very commit of this very pull
   * request: its author can set no status, and the commit must still be the head when it is built.
   */
  private boolean isByHand(PullRequest request, Pool pool) {
    return statuses.isByHand(request.head(), pool.environment(), request.number());
  }

  private Optional<Preview> preview(PullRequest request, List<Pool> waiting) {
    List<Pool> asked = waiting.stream().filter(pool -> isByHand(request, pool)).toList();
    if (!asked.isEmpty()) {
      return Optional.of(
          new Preview(
              new Content(request.head(), request.ref(), Proof.PRESENT_HEAD),
              request.number(),
              asked));
    }
    return work.planned(request) instanceof Preview(var source, var number, var pools)
        ? Optional.of(
            new Preview(
                source,
                number,
                pools.stream()
                    .filter(
                        pool ->
                            waiting.stream()
                                .anyMatch(p -> p.environment().equals(pool.environment())))
                    .toList()))
        : Optional.empty();
  }
}
