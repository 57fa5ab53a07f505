package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Boards;
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

/** Finds the pull requests that wait for a board: their heads' statuses say so. */
record WaitingRequests(Work work, KnownStatuses statuses) {

  /** The oldest first, in each pool as many as boards are free. */
  List<Preview> of(Plan.Sweep sweep, List<PullRequest> open, Boards boards) {
    var byRequest = new LinkedHashMap<PullRequest, List<Pool>>();
    var pools = work.pools(boards);
    for (Pool pool : sweep.pools()) {
      long free = pools.ask(pool).stream().filter(PoolBoard.Free.class::isInstance).count();
      open.stream()
          .filter(request -> waits(request, pool))
          .limit(free)
          .forEach(r -> byRequest.computeIfAbsent(r, p -> new ArrayList<>()).add(pool));
    }
    var previews = new ArrayList<Preview>();
    byRequest.forEach((request, own) -> preview(request, own).ifPresent(previews::add));
    return previews;
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
