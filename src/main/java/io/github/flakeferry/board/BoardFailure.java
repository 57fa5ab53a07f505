package io.github.flakeferry.board;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;

/** A board that can't be reached, is not the one that was meant, or does not do what it should. */
public class BoardFailure extends Failure {
  private final Outcome outcome;

  /**
   * @param code of those that make something of a board
   * @param message what is wrong and where
   * @param advice what to do next; may be empty
   */
  BoardFailure(FailureCode code, String message, String advice) {
    super(code, message, advice);
    this.outcome = code.outcome().orElseThrow();
  }

  /** What it means for the board. */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * The same, naming which board it is.
   *
   * @param board its name or address
   */
  BoardFailure of(Object board) {
    return new BoardFailure(code(), board + ": " + problem(), advice());
  }

  /** Message and advice, for a {@link io.github.flakeferry.model.BoardResult}. */
  public String explained() {
    return advice().isEmpty() ? problem() : problem() + "\n" + advice();
  }
}
