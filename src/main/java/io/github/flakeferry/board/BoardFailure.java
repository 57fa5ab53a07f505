package io.github.flakeferry.board;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.Outcome;

/** A board that can't be reached, is not the one that was meant, or does not do what it should. */
public class BoardFailure extends Failure {
  private final Outcome outcome;

  /**
   * @param outcome what it means for the board
   * @param message what is wrong and where
   * @param advice what to do next; may be empty
   */
  BoardFailure(Outcome outcome, String message, String advice) {
    super(reasonOf(outcome), message, advice);
    this.outcome = outcome;
  }

  /** What it means for the board. */
  public Outcome outcome() {
    return outcome;
  }

  /** Message and advice, for a {@link io.github.flakeferry.model.BoardResult}. */
  public String explained() {
    return advice().isEmpty() ? problem() : problem() + "\n" + advice();
  }

  private static FailureReason reasonOf(Outcome outcome) {
    return switch (outcome) {
      case REFUSED -> FailureReason.REFUSED;
      case BUSY -> FailureReason.BOARD_BUSY;
      case ROLLED_BACK -> FailureReason.ROLLED_BACK;
      case SUPERSEDED -> FailureReason.SUPERSEDED;
      case DEPLOYED, UNCHANGED, FAILED, DEFERRED, WAITING, IN_DOUBT, CANCELLED, SKIPPED ->
          FailureReason.DEPLOY_FAILED;
    };
  }
}
