package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import java.util.Locale;
import java.util.Optional;

/**
 * What a check saw.
 *
 * @param check its name
 * @param message what is, in one line
 * @param advice what to do, in one line; empty where it is ok
 * @param reason why a run would fail; only where it would
 */
public record Finding(
    String check, State state, String message, String advice, Optional<FailureReason> reason) {

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

  static Finding wrong(String check, FailureReason reason, String message, String advice) {
    return new Finding(check, State.WRONG, message, advice, Optional.of(reason));
  }

  static Finding wrong(String check, Failure failure) {
    return wrong(check, failure.reason(), line(failure.problem()), line(failure.advice()));
  }

  private static String line(String text) {
    return text.strip().replaceAll("\\s*\n\\s*", " ");
  }
}
