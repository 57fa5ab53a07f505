package io.github.flakeferry.cli;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;

/** One of the run's inputs is malformed. */
final class BadInput extends Failure {
  private final String input;

  BadInput(String input, String problem) {
    this(FailureCode.INPUT, input, problem);
  }

  private BadInput(FailureCode code, String input, String problem) {
    super(code, "the input " + input + ": " + problem, "");
    this.input = input;
  }

  /** A secret is not there. */
  static BadInput missing(String input, String problem) {
    return new BadInput(FailureCode.SECRET_MISSING, input, problem);
  }

  String input() {
    return input;
  }
}
