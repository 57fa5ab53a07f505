package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
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
  private String whyUndone = "";

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

  /** Why it was undone, where it was. */
  String whyUndone() {
    return whyUndone;
  }

  /**
   * Checks again, and collects what is old where all is well; else the board gets back what it ran
   * before. A link that is lost here changes nothing: the board has been confirmed.
   *
   * @return the end of the way back, where it was gone
   * @throws InterruptedIOException if the thread is interrupted
   */
  Optional<RunState> unlessHealthy() throws InterruptedIOException {
    try (Connection connection = connector.open(deployment.address(), CONNECT)) {
      List<String> faults =
          deployment.action() == BoardAction.SWITCH ? health.faults(connection) : List.of();
      if (!faults.isEmpty()) {
        return Optional.of(goBack(connection, String.join("; ", faults)));
      }
      collect(connection);
    } catch (BoardFailure e) {
      progress.warn(deployment.board() + ": not checked again after the commit: " + e.problem());
    } catch (IOException e) {
      Interruption.check(e);
      progress.warn(deployment.board() + ": not checked again after the commit: " + e.getMessage());
    }
    return Optional.empty();
  }

  private RunState goBack(Connection connection, String faults) throws IOException {
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
    way.start(connection, back);
    RunState end = new Follow(connector, back, way, HealthCheck.NONE, progress).toEnd(connection);
    whyUndone =
        end.stage() == RunState.Stage.COMMITTED
            ? "rolled back to the previous system: after the commit it was not healthy: " + faults
            : "after the commit it was not healthy (%s), and its way back ended %s: %s"
                .formatted(faults, end.stage().label(), end.reason());
    return end;
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
