package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.util.Locale;
import java.util.Optional;

/**
 * What a check saw.
 *
 * @param check its name
 * @param message what is, in one line
 * @param advice what to do, in one line; empty where it is ok
 * @param code what a run would fail with; only where it would
 */
public record Finding(
    String check, State state, String message, String advice, Optional<FailureCode> code) {

  /** How good it is. */
  public enum State {
    /** Nothing is to be done. */
    OK,
    /** A run may fail, or take its time. */
    WARNING,
    /** A run fails. */
    WRONG;

    /** {@code ok}, {@code warning} or {@code wrong}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String check, String message) {
    return new Finding(check, State.OK, message, "", Optional.empty());
  }

  static Finding warning(String check, String message, String advice) {
    return new Finding(check, State.WARNING, message, advice, Optional.empty());
  }

  static Finding wrong(String check, FailureCode code, String message, String advice) {
    return new Finding(check, State.WRONG, message, advice, Optional.of(code));
  }

  static Finding wrong(String check, Failure failure) {
    return wrong(check, failure.code(), line(failure.problem()), line(failure.advice()));
  }

  /** Its code, where it is wrong, and what it saw. */
  String told() {
    return code.map(c -> c + ": " + message).orElse(message);
  }

  private static String line(String text) {
    return text.strip().replaceAll("\\s*\n\\s*", " ");
  }
}
