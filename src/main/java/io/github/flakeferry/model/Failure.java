package io.github.flakeferry.model;

import java.util.List;

/**
 * What all expected failures are: a message for people, what to do next, and a code under which
 * there is more to read. Each adapter has subclasses with the data in fields. Printed in one place,
 * {@code cli.Main}, without a stack trace unless it was asked for.
 */
public abstract class Failure extends RuntimeException {
  private final FailureCode code;
  private final String advice;

  /**
   * @param code what it is; decides the exit code
   * @param message what is wrong and where, one or more lines, no secret in it
   * @param advice what to do next; empty when the message says it all
   */
  protected Failure(FailureCode code, String message, String advice) {
    super(message);
    this.code = code;
    this.advice = advice;
  }

  public FailureCode code() {
    return code;
  }

  /** Why a run does not end well for it. */
  public FailureReason reason() {
    return code.reason();
  }

  /** What was wrong, never {@code null}. */
  public String problem() {
    return String.valueOf(getMessage());
  }

  /** Its code and what was wrong, as in a warning. */
  public String told() {
    return code + ": " + problem();
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
