package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Lease;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.PreviewPolicy;
import io.github.flakeferry.model.BoardName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whose the boards of a pool are. What a board says of its lease is a hint only: it does
 * not bind longer than the policy lends, nor for a pull request that is over.
 *
 * @param parallel how many boards are asked at once
 * @param lessees knows who needs no board any more
 */
record Pools(Boards boards, int parallel, Lessees lessees) {
  /** Those who have boards. For several threads. */
  interface Lessees {
    /** Whether the forge says that a lease's owner does not need this board any more. */
    boolean isOver(Lease lease, EnvironmentPolicy environment, BoardName board);
  }

  /** How far the clocks of those may be apart who lend the same board. */
  private static final Duration SLACK = Duration.ofMinutes(5);

  /** Asks all boards of a pool, in its order. */
  List<PoolBoard> ask(Plan.Pool pool) {
    return AtOnce.each(
        pool.boards(),
        parallel,
        board -> ask(board, pool.environment()),
        board -> ask(board, pool.environment()));
  }

  private PoolBoard ask(BoardPolicy board, EnvironmentPolicy environment) {
    try {
      return of(board, boards.facts(board.name(), board.address()), environment, Instant.now());
    } catch (BoardFailure failure) {
      return new PoolBoard.Silent(board, failure);
    }
  }

  PoolBoard of(BoardPolicy board, BoardFacts facts, EnvironmentPolicy environment, Instant now) {
    Optional<Lease> held = facts.heldLease(now);
    if (held.isEmpty()) {
      return new PoolBoard.Free(board, facts.lease(), false);
    }
    Lease lease = held.orElseThrow();
    return lessees.isOver(lease, environment, board.name())
            || isVoid(lease, environment.preview(), now)
        ? new PoolBoard.Free(board, held, true)
        : new PoolBoard.Lent(board, lease);
  }

  private static boolean isVoid(Lease lease, PreviewPolicy policy, Instant now) {
    return policy
        .lease()
        .filter(
            longest -> {
              Instant end = lease.until().orElseGet(() -> lease.since().plus(longest));
              return !end.isAfter(now) || end.isAfter(now.plus(longest).plus(SLACK));
            })
        .filter(longest -> !lease.isDamaged())
        .isPresent();
  }
}
