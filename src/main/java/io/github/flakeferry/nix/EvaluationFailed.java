package io.github.flakeferry.nix;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.util.List;
import java.util.Optional;

/** The flake, or one of its configurations, can't be evaluated. */
public final class EvaluationFailed extends Failure {
  private final String subject;
  private final List<String> details;
  private final transient Optional<Position> position;

  /**
   * Where in the flake's own files it went wrong.
   *
   * @param file from the checkout's root
   * @param line from 1
   * @param column from 1
   */
  public record Position(String file, int line, int column) {}

  EvaluationFailed(
      FailureCode code, String subject, String message, String advice, List<String> details) {
    this(code, subject, message, advice, details, Optional.empty());
  }

  EvaluationFailed(
      FailureCode code,
      String subject,
      String message,
      String advice,
      List<String> details,
      Optional<Position> position) {
    super(code, message, advice);
    this.subject = subject;
    this.details = List.copyOf(details);
    this.position = position;
  }

  /** The configuration's name, or {@code the flake}. */
  public String subject() {
    return subject;
  }

  /** Where, if Nix says so and it is in the flake itself. */
  public Optional<Position> position() {
    return position;
  }

  /** All that Nix said. */
  @Override
  public List<String> details() {
    return details;
  }
}
