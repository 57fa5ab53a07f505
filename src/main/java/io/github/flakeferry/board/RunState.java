package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a supervisor wrote of its run.
 *
 * @param reason in words; may be empty
 * @param current the system that ran when it was written
 * @param restart the parts of the new system that run only after a restart: {@code kernel initrd};
 *     may be empty
 * @param restarted whether the run has restarted the board into the new system
 * @param unprotected why it did not, though the policy asked for it: there was no way back; may be
 *     empty
 */
record RunState(
    Stage stage,
    String reason,
    Optional<StorePath> current,
    String restart,
    boolean restarted,
    String unprotected) {
  // what matters most may come last: that there was no way back
  private static final int LONGEST_REASON = 1000;

  /** The supervisor's words, see {@code supervisor.sh}. */
  enum Stage {
    PREPARING,
    ACTIVATING,
    WAITING,
    COMMITTING,
    /** On its way into the new system, which has its boot loader's next start and no other. */
    RESTARTING,
    /** It runs the new system, and waits to be confirmed once more. */
    RESTARTED,
    /** On its way back by another restart. */
    RETURNING,
    ROLLING_BACK,
    COMMITTED(Outcome.DEPLOYED),
    CONFIRMED(Outcome.DEPLOYED),
    TRIED(Outcome.UNCHANGED),
    ROLLED_BACK(Outcome.ROLLED_BACK),
    REFUSED(Outcome.REFUSED),
    SUPERSEDED(Outcome.SUPERSEDED),
    BUSY(Outcome.BUSY),
    FAILED(Outcome.FAILED);

    private final Optional<Outcome> outcome;

    Stage() {
      outcome = Optional.empty();
    }

    Stage(Outcome outcome) {
      this.outcome = Optional.of(outcome);
    }

    /** What the board has become by it, where it is an end. */
    Optional<Outcome> outcome() {
      return outcome;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Reads the lines of a state file.
   *
   * @throws BoardFailure if they say nothing that a supervisor says
   */
  static RunState parse(List<String> lines) {
    String word = value(lines, "state");
    for (Stage stage : Stage.values()) {
      if (stage.label().equals(word)) {
        return new RunState(
            stage,
            Scripts.oneLine(LONGEST_REASON, value(lines, "reason")),
            path(value(lines, "current")),
            Scripts.oneLine(value(lines, "restart")),
            value(lines, "restarted").equals("yes"),
            Scripts.oneLine(value(lines, "unprotected")));
      }
    }
    throw new BoardFailure(
        FailureCode.IN_DOUBT,
        "the supervisor's state can't be understood: " + Scripts.oneLine(word),
        "");
  }

  /** The first line's text that begins with this word; empty where there is none. */
  static String value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + " "))
        .map(line -> line.substring(key.length() + 1))
        .findFirst()
        .orElse("");
  }

  static Optional<StorePath> path(String text) {
    try {
      return Optional.of(StorePath.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
