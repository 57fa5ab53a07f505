package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.terms.RebootTerms;
import io.github.flakeferry.model.terms.Terms;
import java.time.Duration;
import java.util.Optional;

/** How long a board that is out of sight is looked for: until it must have decided. */
final class FollowPatience {
  private static final Duration SLACK = Duration.ofSeconds(30);

  /** The supervisor gives a rollback at least this long. */
  private static final Duration SHORTEST_ROLLBACK = Duration.ofSeconds(60);

  private final Deployment deployment;
  private final Terms terms;
  private long end;

  /** For an activation that begins now. */
  FollowPatience(Deployment deployment) {
    this.deployment = deployment;
    terms = deployment.terms();
    Duration rollback =
        terms.activation().compareTo(SHORTEST_ROLLBACK) > 0
            ? terms.activation()
            : SHORTEST_ROLLBACK;
    from(terms.activation().plus(terms.confirm()).plus(rollback).plus(SLACK));
  }

  private void from(Duration now) {
    end = System.nanoTime() + now.toNanos();
  }

  /** The board goes on: with the boot loader's installation, or the way back from it. */
  void confirmed() {
    end += terms.activation().multipliedBy(2).toNanos();
    // whether there is a restart may not be heard
    if (terms.reboot().when() != RebootTerms.When.NEVER) {
      end += terms.reboot().deadline().toNanos();
    }
  }

  /** The board has told this. */
  void reached(RunState.Stage stage) {
    switch (stage) {
      case RESTARTING -> from(terms.reboot().deadline());
      case RESTARTED -> from(terms.confirm().plus(terms.activation()).plus(SLACK));
      case RETURNING -> from(terms.activation().plus(terms.reboot().deadline()));
      case PREPARING,
          ACTIVATING,
          WAITING,
          COMMITTING,
          ROLLING_BACK,
          COMMITTED,
          CONFIRMED,
          TRIED,
          ROLLED_BACK,
          REFUSED,
          SUPERSEDED,
          BUSY,
          FAILED -> {}
    }
  }

  boolean isOver() {
    return System.nanoTime() > end;
  }

  /**
   * What to say of a board that is lost for good.
   *
   * @param last what it told last
   * @param why it can't be reached
   */
  BoardFailure lost(Optional<RunState> last, String why) {
    Optional<RunState.Stage> stage = last.map(RunState::stage);
    long away = terms.reboot().deadline().toSeconds();
    if (stage.equals(Optional.of(RunState.Stage.RESTARTING))) {
      return new BoardFailure(
          FailureCode.NOT_BACK,
          "%s did not come back within %d s of its restart into the new system: %s"
              .formatted(deployment.board(), away, why),
          "A power cycle brings its previous system: before it is confirmed, the new one is started"
              + " only once. Then run this again, which puts the rest right.");
    }
    if (stage.equals(Optional.of(RunState.Stage.RETURNING))) {
      return new BoardFailure(
          FailureCode.NOT_BACK,
          "%s was given up (%s), and did not come back within %d s of its restart into the previous system: %s"
              .formatted(deployment.board(), last.map(RunState::reason).orElseThrow(), away, why),
          "Look at its console: its boot loader starts the previous system.");
    }
    return new BoardFailure(
        FailureCode.IN_DOUBT,
        "the link to %s was lost for good after the activation had begun (last seen: %s): %s"
            .formatted(
                deployment.board(), stage.map(RunState.Stage::label).orElse("starting"), why),
        "Unless it was confirmed, it went back to its previous system by itself. Look at it, then"
            + " run this again.");
  }
}
