package io.github.flakeferry.model;

import java.util.List;

/**
 * What all expected failures are: a message for people, what to do next, and the reason that
 * decides the exit code. Each adapter has subclasses with the data in fields. Printed in one place,
 * {@code cli.Main}, without a stack trace unless it was asked for.
 */
public abstract class Failure extends RuntimeException {
  private final FailureReason reason;
  private final String advice;

  /**
   * @param message what is wrong and where, one or more lines, no secret in it
   * @param advice what to do next; empty when the message says it all
   */
  protected Failure(FailureReason reason, String message, String advice) {
    super(message);
    this.reason = reason;
    this.advice = advice;
  }

  public FailureReason reason() {
    return reason;
  }

  /** What was wrong, never {@code null}. */
  public String problem() {
    return String.valueOf(getMessage());
  }

  /** What to do next; may be empty. */
  public String advice() {
    return advice;
  }

  /** Further lines that are shown folded: the end of a log, an evaluation's trace. */
  public List<String> details() {
    return List.of();
  }
}
