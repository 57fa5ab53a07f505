package io.github.flakeferry.nix;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import java.util.List;

/** The flake, or one of its configurations, can't be evaluated. */
public final class EvaluationFailed extends Failure {
  private final String subject;
  private final List<String> details;

  EvaluationFailed(String subject, String message, String advice, List<String> details) {
    super(FailureReason.EVALUATION_FAILED, message, advice);
    this.subject = subject;
    this.details = List.copyOf(details);
  }

  /** The configuration's name, or the commit where there is no flake at all. */
  public String subject() {
    return subject;
  }

  /** All that Nix said. */
  @Override
  public List<String> details() {
    return details;
  }
}
