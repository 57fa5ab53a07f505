package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Encodings;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One board's way to its system: facts, preflight, transfer, activation, end. */
final class DeploymentRun {
  private static final Duration CONNECT = Duration.ofSeconds(20);

  /** Of a stack trace. */
  private static final int MOST_PLACES = 12;

  private final Connector connector;
  private final ContentSource contents;
  private final Encodings encodings;
  private final Progress progress;
  private final Deployment deployment;
  private final long started = System.nanoTime();
  private Optional<StorePath> before = Optional.empty();
  private Optional<StorePath> after = Optional.empty();
  private Optional<Closure> previous = Optional.empty();
  private UnitChanges units = UnitChanges.NONE;
  private List<String> failedBefore = List.of();
  private long sentBytes;
  private String stage = "connect";
  private boolean begun;

  DeploymentRun(
      Connector connector,
      ContentSource contents,
      Encodings encodings,
      Progress progress,
      Deployment deployment) {
    this.connector = connector;
    this.contents = contents;
    this.encodings = encodings;
    this.progress = progress;
    this.deployment = deployment;
  }

  /** What became of the board, whatever it does. */
  BoardResult result() {
    try {
      step("connect", deployment.address().toString());
      try (Connection connection = connector.open(deployment.address(), CONNECT)) {
        return ferry(connection);
      }
    } catch (BoardFailure e) {
      return ended(e.code(), e.explained());
    } catch (InterruptedIOException e) {
      return interrupted();
    } catch (RuntimeException e) {
      // an interrupt comes to light in many ways
      return Interruption.isCauseOf(e) ? interrupted() : broken(e);
    } catch (IOException e) {
      return ended(
          begun ? FailureCode.IN_DOUBT : FailureCode.LINK_LOST,
          "the link to %s was lost at %s: %s"
              .formatted(deployment.address(), stage, e.getMessage()));
    }
  }

  private BoardResult interrupted() {
    return begun
        ? ended(
            FailureCode.IN_DOUBT,
            "interrupted after the activation had begun: the board decides by itself, and goes"
                + " back to its previous system unless it was confirmed")
        : ended(FailureCode.CANCELLED, "interrupted at " + stage + ": nothing was activated");
  }

  // other boards have results that somebody waits for
  private BoardResult broken(RuntimeException e) {
    String what =
        e instanceof Failure known
            ? known.told()
            : "%s: this should not have happened: %s".formatted(FailureCode.DEFECT, e);
    String advice =
        e instanceof Failure known
            ? known.advice()
            : "Please report it, with the lines below.\n  " + String.join("\n  ", places(e));
    String message =
        "%s broke off at %s: %s\n%s".formatted(deployment.board(), stage, what, advice).strip();
    return ended(begun ? FailureCode.IN_DOUBT : FailureCode.BOARD_STRANGE, message);
  }

  private static List<String> places(RuntimeException e) {
    return Arrays.stream(e.getStackTrace()).limit(MOST_PLACES).map(String::valueOf).toList();
  }

  /** The units that were failed when the board was asked first; none where it was not. */
  List<String> failedBefore() {
    return failedBefore;
  }

  private BoardResult ferry(Connection connection) throws IOException {
    step("facts", "");
    BoardFacts facts = Facts.ask(connection, deployment.address());
    before = facts.current();
    failedBefore = facts.failedUnits();
    after = before;
    Preflight.warnings(facts, Instant.now())
        .forEach(warning -> progress.warn(deployment.board() + ": " + warning));
    Optional<String> nothingToDo = Idle.reason(facts, deployment);
    if (nothingToDo.isPresent()) {
      new NewCommit(deployment, progress).note(connection, facts);
      return ended(Outcome.UNCHANGED, nothingToDo.orElseThrow());
    }
    Preflight.checkBoard(facts, deployment);
    var supervision = Supervision.create(Instant.now());
    // open until the run has roots of its own: the board's collector keeps what was sent
    try (var delivery = new Delivery(connector, connection, deployment, contents, progress)) {
      List<PathInfo> missing = delivery.missing();
      Preflight.check(facts, deployment, missing);
      previous = Facts.closure(connection, facts.current().orElseThrow());
      if (!missing.isEmpty()) {
        transfer(delivery, missing, facts);
        refuseMoved(delivery.connection());
      }
      stage = "activate";
      activate(delivery.connection(), supervision);
      delivery.release();
      return follow(delivery.connection(), supervision, facts);
    }
  }

  private void transfer(Delivery delivery, List<PathInfo> missing, BoardFacts facts)
      throws IOException {
    step("transfer", missing.size() + " paths");
    try {
      delivery.bringAsWanted(missing, facts, previous, encodings);
    } finally {
      sentBytes = delivery.sentBytes();
    }
  }

  /**
   * Sending may have taken hours, in which the run for a newer commit, or a person, was quicker.
   */
  private void refuseMoved(Connection connection) throws IOException {
    if (deployment.action() == BoardAction.TEST) {
      deployment
          .guards()
          .moved()
          .get()
          .ifPresent(
              why -> {
                throw new BoardFailure(FailureCode.MOVED_ON, "not activated: " + why, "");
              });
    }
    BoardFacts now = Facts.ask(connection, deployment.address());
    before = now.current();
    after = before;
    Preflight.check(now, deployment, List.of());
  }

  private void activate(Connection connection, Supervision supervision) throws IOException {
    begun = true;
    try {
      supervision.startOrAbort(connection, deployment, progress);
    } catch (BoardFailure e) {
      begun = false;
      throw e;
    }
  }

  private BoardResult follow(Connection connection, Supervision supervision, BoardFacts facts)
      throws IOException {
    var health = new HealthCheck(deployment.terms().health(), facts.failedUnits());
    var follow = new Follow(connector, deployment, supervision, health, progress);
    RunState end = follow.toEnd(connection);
    units = follow.units();
    after = end.current().or(() -> after);
    Outcome outcome = Ending.outcome(deployment, end, before);
    String message = Ending.describe(deployment, end, outcome, follow);
    if (outcome == Outcome.DEPLOYED) {
      message += Restart.notice(deployment, end).map(notice -> "\n" + notice).orElse("");
    }
    if (end.stage() == RunState.Stage.COMMITTED) {
      var care = new Aftercare(connector, deployment, supervision, health, progress);
      Optional<Aftercare.Later> later = care.of(end);
      if (later.isPresent()) {
        after = later.orElseThrow().after().or(() -> after);
        return ended(later.orElseThrow().code(), later.orElseThrow().message());
      }
    }
    return outcome.reached()
        ? ended(outcome, message)
        : ended(EndCode.of(outcome, end.reason()), message);
  }

  private void step(String name, String detail) {
    stage = name;
    progress.report(
        new ProgressEvent.BoardStep(
            deployment.board(), name, detail.isEmpty() ? Optional.empty() : Optional.of(detail)));
  }

  private BoardResult ended(FailureCode code, String message) {
    return ended(code.outcome().orElseThrow(), Optional.of(code), message);
  }

  private BoardResult ended(Outcome outcome, String message) {
    return ended(outcome, Optional.empty(), message);
  }

  private BoardResult ended(Outcome outcome, Optional<FailureCode> code, String message) {
    return new BoardResult(
        deployment.board(),
        deployment.action(),
        outcome,
        code,
        before,
        after,
        previous,
        Duration.ofNanos(System.nanoTime() - started),
        sentBytes,
        message,
        units);
  }
}
