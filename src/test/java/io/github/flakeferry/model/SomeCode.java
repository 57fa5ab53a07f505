package io.github.flakeferry.model;

import java.util.Optional;
import java.util.stream.Stream;

/** Codes for results and failures that a test makes up. */
public final class SomeCode {
  private SomeCode() {}

  /** One for this outcome, where it is no success. */
  public static Optional<FailureCode> of(Outcome outcome) {
    return Stream.of(FailureCode.values())
        .filter(code -> code.outcome().equals(Optional.of(outcome)))
        .findFirst();
  }

  /** One for this reason. */
  public static FailureCode of(FailureReason reason) {
    return Stream.of(FailureCode.values())
        .filter(code -> code.reason() == reason)
        .findFirst()
        .orElseThrow();
  }
}
