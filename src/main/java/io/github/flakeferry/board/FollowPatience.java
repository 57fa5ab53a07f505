package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.terms.RebootTerms;
import io.github.flakeferry.model.terms.Terms;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long a board that is out of sight is looked for: until it must have decided. One in sight
 * that goes on and on is given up, too, once nothing that it does may still take so long.
 */
final class FollowPatience {
  private static final Duration SLACK = Duration.ofSeconds(30);

  /** The supervisor gives a rollback at least this long. */
  private static final Duration SHORTEST_ROLLBACK = Duration.ofSeconds(60);

  /** What a disk may take to be synced, or another supervisor to be waited for. */
  private static final Duration SLOW = Duration.ofMinutes(5);

  private final Deployment deployment;
  private final Terms terms;
  private final LongSupplier clock;
  private final Duration longestStage;
  private long end;
  private long endOfStage;

  /** For an activation that begins now. */
  FollowPatience(Deployment deployment) {
    this(deployment, System::nanoTime);
  }

  /**
   * @param clock in nanoseconds
   */
  FollowPatience(Deployment deployment, LongSupplier clock) {
    this.deployment = deployment;
    this.clock = clock;
    terms = deployment.terms();
    Duration rollback =
        terms.activation().compareTo(SHORTEST_ROLLBACK) > 0
            ? terms.activation()
            : SHORTEST_ROLLBACK;
    from(terms.activation().plus(terms.confirm()).plus(rollback).plus(SLACK));
    // a commit has three parts, its way back included
    longestStage =
        rollback.multipliedBy(3).plus(terms.confirm()).plus(terms.reboot().deadline()).plus(SLOW);
    endOfStage = clock.getAsLong() + longestStage.toNanos();
  }

  private void from(Duration now) {
    end = clock.getAsLong() + now.toNanos();
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
    endOfStage = clock.getAsLong() + longestStage.toNanos();
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

  /** Whether a board that is out of sight must have decided. */
  boolean isOver() {
    return clock.getAsLong() > end;
  }

  /** Whether a board in sight should have come further long ago. */
  boolean isStuck() {
    return clock.getAsLong() > Math.max(end, endOfStage);
  }

  /** How long a board in sight may say nothing at all: as long as any stage takes. */
  Duration silence() {
    return longestStage;
  }

  /**
   * What to say of a board that is in sight and does not come to an end.
   *
   * @param last what it told last
   */
  BoardFailure stuck(Optional<RunState> last) {
    return new BoardFailure(
        FailureCode.IN_DOUBT,
        "%s does not come to an end: it has been %s for longer than anything of that should take"
            .formatted(deployment.board(), last.map(s -> s.stage().label()).orElse("starting")),
        "Its log (`flakeferry logs`) says what it waits for. It goes back to its previous system by"
            + " itself, unless it was confirmed.");
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
