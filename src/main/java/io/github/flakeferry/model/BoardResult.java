package io.github.flakeferry.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of one board in one run.
 *
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
    Optional<StorePath> before,
    Optional<StorePath> after,
    Optional<Closure> previous,
    Duration took,
    long sentBytes,
    String message,
    UnitChanges units) {

  /** A result of which no more is known. */
  public BoardResult(
      BoardName board,
      BoardAction action,
      Outcome outcome,
      Optional<StorePath> before,
      Optional<StorePath> after,
      Optional<Closure> previous,
      Duration took,
      long sentBytes,
      String message) {
    this(
        board,
        action,
        outcome,
        before,
        after,
        previous,
        took,
        sentBytes,
        message,
        UnitChanges.NONE);
  }

  /** The same board later, when it is no longer what it was said to be. */
  public BoardResult later(Outcome now, String why) {
    return new BoardResult(
        board, action, now, before, after, previous, took, sentBytes, why, units);
  }
}
