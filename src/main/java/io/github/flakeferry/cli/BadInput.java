package io.github.flakeferry.cli;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;

/** One of the run's inputs is malformed. */
final class BadInput extends Failure {
  private final String input;

  BadInput(String input, String problem) {
    super(FailureReason.USAGE, "the input " + input + ": " + problem, "");
    this.input = input;
  }

  String input() {
    return input;
  }
}
