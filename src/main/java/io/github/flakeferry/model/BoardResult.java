package io.github.flakeferry.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of one board in one run.
 *
 * @param code why it does not run what it should; absent where it does
 * @param before the system that ran before, where the board could say it
 * @param after the system that runs now, where the board could say it
 * @param previous the closure of {@code before}, where the board could list it
 * @param sentBytes bytes that were sent to its store, as they were packed
 * @param message one or more lines: what happened, and where it failed what is wrong and what to
 *     do; at its end, each after two spaces, what the board said last
 * @param units what the activation did to units, where there was one
 */
public record BoardResult(
    BoardName board,
    BoardAction action,
    Outcome outcome,
    Optional<FailureCode> code,
    Optional<StorePath> before,
    Optional<StorePath> after,
    Optional<Closure> previous,
    Duration took,
    long sentBytes,
    String message,
    UnitChanges units) {
  public BoardResult {
    if (outcome.reached()
        ? code.isPresent()
        : !code.flatMap(FailureCode::outcome).equals(Optional.of(outcome))) {
      throw new IllegalArgumentException(outcome + " with " + code);
    }
  }

  /** A board that was not brought to its system, of which no more is known. */
  public BoardResult(BoardName board, BoardAction action, FailureCode code, String message) {
    this(
        board,
        action,
        code.outcome().orElseThrow(),
        Optional.of(code),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        0,
        message,
        UnitChanges.NONE);
  }

  /** The same board later, when it is no longer what it was said to be. */
  public BoardResult later(FailureCode now, String why) {
    return new BoardResult(
        board,
        action,
        now.outcome().orElseThrow(),
        Optional.of(now),
        before,
        after,
        previous,
        took,
        sentBytes,
        why,
        units);
  }

  /** The same in other words. */
  public BoardResult saying(String words) {
    return new BoardResult(
        board, action, outcome, code, before, after, previous, took, sentBytes, words, units);
  }

  /** The same as if it had taken no time. */
  public BoardResult timeless() {
    return new BoardResult(
        board,
        action,
        outcome,
        code,
        before,
        after,
        previous,
        Duration.ZERO,
        sentBytes,
        message,
        units);
  }

  /** Its code and what happened, as in a table. */
  public String told() {
    return code.map(c -> c + ": " + message).orElse(message);
  }
}
