package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.Generations;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What follows a commit: a last look at the board's health, and the end of old generations. */
final class Aftercare {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration COLLECT = Duration.ofMinutes(30);

  private final Connector connector;
  private final Deployment deployment;
  private final Supervision supervision;
  private final HealthCheck health;
  private final Progress progress;

  Aftercare(
      Connector connector,
      Deployment deployment,
      Supervision supervision,
      HealthCheck health,
      Progress progress) {
    this.connector = connector;
    this.deployment = deployment;
    this.supervision = supervision;
    this.health = health;
    this.progress = progress;
  }

  /**
   * What became of the board after its commit.
   *
   * @param message where it is not what the commit said
   * @param after the system that runs now, where that is known
   */
  record Later(FailureCode code, String message, Optional<StorePath> after) {}

  /**
   * Checks again, restarts the board where the policy wants that, and collects what is old where
   * all is well; else the board gets back what it ran before. Where no restart is wanted, a link
   * that is lost before anything is known to be amiss changes nothing: the board has been
   * confirmed.
   *
   * @param end of the run that committed
   * @return what is no success; empty where all is well
   * @throws InterruptedIOException if the thread is interrupted
   */
  Optional<Later> of(RunState end) throws InterruptedIOException {
    var restart = new Restart(connector, deployment, progress);
    boolean restarts = Restart.isWanted(deployment, end);
    try (Connection connection = connector.open(deployment.address(), CONNECT)) {
      // by `boot` nothing new runs yet
      Optional<Later> undone =
          deployment.action() == BoardAction.SWITCH ? unlessHealthy(connection) : Optional.empty();
      if (undone.isPresent()) {
        return undone;
      }
      if (!restarts) {
        collect(connection);
        return Optional.empty();
      }
      restart.run(connection, committed(end));
    } catch (BoardFailure e) {
      return e.outcome() == Outcome.DEFERRED
          ? lostBefore(restarts, e.told())
          : Optional.of(new Later(e.code(), e.explained(), Optional.empty()));
    } catch (IOException e) {
      Interruption.check(e);
      return lostBefore(restarts, String.valueOf(e.getMessage()));
    }
    return afterRestart();
  }

  private StorePath committed(RunState end) {
    return deployment.wanted() instanceof Wanted.Incoming incoming
        ? incoming.system()
        : end.current().orElseThrow();
  }

  private Optional<Later> lostBefore(boolean restarts, String why) {
    if (restarts) {
      return Optional.of(
          new Later(
              FailureCode.IN_DOUBT,
              "it is committed, but was not restarted, which it needs to run all of it: the link"
                  + " was lost before: "
                  + why,
              Optional.empty()));
    }
    progress.warn(deployment.board() + ": not checked again after the commit: " + why);
    return Optional.empty();
  }

  private Optional<Later> afterRestart() throws InterruptedIOException {
    try (Connection connection = connector.open(deployment.address(), CONNECT)) {
      awaitUnits(connection);
      Optional<Later> undone = unlessHealthy(connection);
      if (undone.isEmpty()) {
        collect(connection);
      }
      return undone;
    } catch (BoardFailure e) {
      return Optional.of(new Later(FailureCode.IN_DOUBT, e.explained(), Optional.empty()));
    } catch (IOException e) {
      Interruption.check(e);
      return Optional.of(
          new Later(
              FailureCode.IN_DOUBT,
              "the link was lost after the restart: " + e.getMessage(),
              Optional.empty()));
    }
  }

  // it can be reached while it still starts; what does not come to an end then, the checks tell
  private void awaitUnits(Connection connection) throws IOException {
    Duration patience = deployment.terms().activation();
    connection.runAsUser(
        """
        PATH=/run/current-system/sw/bin:$PATH
        timeout %d systemctl is-system-running --wait >/dev/null 2>&1 </dev/null
        """
            .formatted(patience.toSeconds()),
        patience.plus(CONNECT));
  }

  private Optional<Later> unlessHealthy(Connection connection) throws IOException {
    List<String> faults = health.faults(connection);
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(goBack(connection, String.join("; ", faults)));
  }

  private Later goBack(Connection connection, String faults) throws IOException {
    progress.warn(deployment.board() + ": not healthy after the commit: " + faults);
    var back =
        new Deployment(
            deployment.board(),
            deployment.address(),
            BoardAction.SWITCH,
            new Wanted.Before(supervision.token()),
            deployment.terms(),
            deployment.owner(),
            Optional.empty(),
            Optional.empty(),
            deployment.guards());
    var way = Supervision.create(Instant.now());
    RunState end;
    try {
      way.startOrAbort(connection, back, progress);
      end = new Follow(connector, back, way, HealthCheck.NONE, progress).toEnd(connection);
    } catch (BoardFailure e) {
      return new Later(
          e.outcome() == Outcome.IN_DOUBT ? e.code() : FailureCode.NO_WAY_BACK,
          "after the commit it was not healthy (%s), and of its way back is known: %s"
              .formatted(faults, e.explained()),
          Optional.empty());
    }
    return end.stage() == RunState.Stage.COMMITTED
        ? new Later(
            FailureCode.NOT_HEALTHY,
            "rolled back to the previous system: after the commit it was not healthy: " + faults,
            end.current())
        : new Later(
            FailureCode.NO_WAY_BACK,
            "after the commit it was not healthy (%s), and its way back ended %s: %s"
                .formatted(faults, end.stage().label(), end.reason()),
            end.current());
  }

  private void collect(Connection connection) throws IOException {
    Generations generations = deployment.terms().generations();
    String mode =
        switch (generations.collect()) {
          case Generations.Collect.Never() -> "never";
          case Generations.Collect.Always() -> "always";
          case Generations.Collect.WhenBelow(long bytes) -> Long.toString(bytes);
        };
    var answer =
        connection.run(
            new BoardScript.Call("collect", Integer.toString(generations.keep()), mode), COLLECT);
    if (answer.status() != 0) {
      progress.warn(deployment.board() + ": " + Scripts.oneLine(answer.errors()));
    }
    answer
        .output()
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> progress.note(deployment.board() + ": " + Scripts.oneLine(line)));
  }
}
