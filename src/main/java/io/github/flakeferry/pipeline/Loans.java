package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.report.Loan;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** The board that a pull request has now. */
final class Loans {
  private Loans() {}

  /** Of a plan and what became of its boards. */
  static Optional<Loan> of(Plan plan, Collection<BoardResult> results, Instant now) {
    return plan instanceof Plan.Preview preview
        ? preview.pools().stream().flatMap(p -> of(p, results, now).stream()).findFirst()
        : Optional.empty();
  }

  private static boolean isLent(BoardResult result) {
    return result.outcome().reached() && result.action() == BoardAction.TEST;
  }

  private static Optional<Loan> of(Plan.Pool pool, Collection<BoardResult> results, Instant now) {
    return pool.boards().stream()
        .filter(b -> results.stream().anyMatch(r -> isLent(r) && r.board().equals(b.name())))
        .map(
            b ->
                new Loan(
                    b.name(), b.address(), pool.environment().preview().lease().map(now::plus)))
        .findFirst();
  }
}
