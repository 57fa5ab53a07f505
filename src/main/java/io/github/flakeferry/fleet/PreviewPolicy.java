package io.github.flakeferry.fleet;

import java.time.Duration;
import java.util.Optional;

/**
 * How pull requests share the boards of an environment.
 *
 * @param lease how long a pull request keeps its board after its last push; absent: until it is
 *     closed
 * @param label only a pull request with this label gets a board, or with one such as {@code label:
 *     SELECTOR}, which chooses among the boards; absent: every one does
 * @param whenBusy what happens when no board is free
 */
public record PreviewPolicy(Optional<Duration> lease, Optional<String> label, WhenBusy whenBusy) {
  /** What an environment has whose policy says nothing of it. */
  public static final PreviewPolicy DEFAULT =
      new PreviewPolicy(Optional.empty(), Optional.empty(), WhenBusy.WAIT);

  /** What becomes of a pull request for which no board is free. */
  public enum WhenBusy {
    /** Its status stays pending, and it gets a board when one is free. */
    WAIT,
    /** Its status is a failure. */
    FAIL,
    /** It gets the board whose lease is the oldest. */
    TAKE_OLDEST
  }
}
