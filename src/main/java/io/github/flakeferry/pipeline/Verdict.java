package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param outcome {@code success}, {@code unchanged}, {@code deferred}, {@code nothing-to-do}, or
 *     the reason's label
 * @param reason absent when it ended well
 */
public record Verdict(String outcome, Optional<FailureReason> reason) {

  /** 0, or the reason's own. */
  public int exitCode() {
    return reason.map(FailureReason::exitCode).orElse(0);
  }

  static Verdict nothingToDo() {
    return new Verdict("nothing-to-do", Optional.empty());
  }

  static Verdict success() {
    return new Verdict("success", Optional.empty());
  }

  /** A signal ended it, which decides the exit code, too. */
  static Verdict cancelled() {
    return new Verdict("cancelled", Optional.empty());
  }

  static Verdict of(Failure failure) {
    return of(failure.reason());
  }

  static Verdict of(FailureReason reason) {
    return new Verdict(reason.label(), Optional.of(reason));
  }

  /** What the boards' outcomes come to; a publication that failed counts after them. */
  public static Verdict of(List<BoardResult> results, Optional<Failure> publication) {
    Verdict boards = of(results.stream().map(BoardResult::outcome).toList());
    return boards.reason().isEmpty() && publication.isPresent() ? of(publication.get()) : boards;
  }

  private static Verdict of(List<Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      return nothingToDo();
    }
    var bad = outcomes.stream().filter(o -> !o.reached() && !o.isPutOff()).toList();
    if (bad.isEmpty()) {
      return new Verdict(wellEnded(outcomes), Optional.empty());
    }
    return of(
        outcomes.stream().anyMatch(Outcome::reached)
            ? FailureReason.PARTIALLY_DEPLOYED
            : worst(bad));
  }

  private static String wellEnded(List<Outcome> outcomes) {
    if (outcomes.stream().allMatch(o -> o == Outcome.UNCHANGED)) {
      return "unchanged";
    }
    return outcomes.stream().noneMatch(Outcome::reached) ? "deferred" : "success";
  }

  private static FailureReason worst(List<Outcome> bad) {
    if (bad.contains(Outcome.ROLLED_BACK)) {
      return FailureReason.ROLLED_BACK;
    }
    if (bad.contains(Outcome.FAILED) || bad.contains(Outcome.IN_DOUBT)) {
      return FailureReason.DEPLOY_FAILED;
    }
    if (bad.contains(Outcome.REFUSED)) {
      return FailureReason.REFUSED;
    }
    if (bad.contains(Outcome.BUSY)) {
      return FailureReason.BOARD_BUSY;
    }
    return bad.contains(Outcome.SUPERSEDED)
        ? FailureReason.SUPERSEDED
        : FailureReason.DEPLOY_FAILED;
  }
}
