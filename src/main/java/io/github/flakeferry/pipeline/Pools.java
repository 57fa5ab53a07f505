package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Lease;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.PreviewPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds out whose the boards of a pool are. What a board says of its lease is a hint only: it does
 * not bind longer than the policy lends, nor for a pull request that is over.
 *
 * @param parallel how many boards are asked at once
 * @param over whether the forge says that an owner's pull request needs no board any more
 */
record Pools(Boards boards, int parallel, Predicate<String> over) {
  /** How far the clocks of those may be apart who lend the same board. */
  private static final Duration SLACK = Duration.ofMinutes(5);

  /** Asks all boards of a pool, in its order. */
  List<PoolBoard> ask(Plan.Pool pool) {
    return AtOnce.each(
        pool.boards(),
        parallel,
        board -> ask(board, pool.environment().preview()),
        board -> ask(board, pool.environment().preview()));
  }

  private PoolBoard ask(BoardPolicy board, PreviewPolicy policy) {
    try {
      return of(board, boards.facts(board.name(), board.address()), policy, Instant.now());
    } catch (BoardFailure failure) {
      return new PoolBoard.Silent(board, failure);
    }
  }

  PoolBoard of(BoardPolicy board, BoardFacts facts, PreviewPolicy policy, Instant now) {
    Optional<Lease> held = facts.heldLease(now);
    if (held.isEmpty()) {
      return new PoolBoard.Free(board, facts.lease(), false);
    }
    Lease lease = held.orElseThrow();
    return over.test(lease.owner()) || isVoid(lease, policy, now)
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
