package io.github.flakeferry.board;

import io.github.flakeferry.board.FollowStream.Frame;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Follows a supervisor to its end, acknowledges it on the way, and comes back whenever the link is
 * lost. The board decides by itself in any case: this only finds out how.
 */
final class Follow {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final Connector connector;
  private final Deployment deployment;
  private final Supervision supervision;
  private final HealthCheck health;
  private final Progress progress;
  private final FollowPatience patience;
  private final LastLines log = new LastLines(30);
  private final UnitLog units = new UnitLog();
  private final StringBuilder unfinishedLine = new StringBuilder();
  private String bootId = "";
  private long offset;
  private Optional<RunState> last = Optional.empty();
  private Optional<String> notAcknowledged = Optional.empty();
  private final EnumSet<RunState.Stage> confirmed = EnumSet.noneOf(RunState.Stage.class);

  /**
   * @param health what must hold before it is acknowledged
   */
  Follow(
      Connector connector,
      Deployment deployment,
      Supervision supervision,
      HealthCheck health,
      Progress progress) {
    this.connector = connector;
    this.health = health;
    this.deployment = deployment;
    this.supervision = supervision;
    this.progress = progress;
    patience = new FollowPatience(deployment);
  }

  /** The last lines that the activation wrote. */
  List<String> lastLines() {
    return log.list();
  }

  /** What the activation did to units, not what a way back did. */
  UnitChanges units() {
    return units.changes();
  }

  /** Why no acknowledgement got through, where none did. */
  Optional<String> notAcknowledged() {
    return notAcknowledged;
  }

  /**
   * Waits for the supervisor's end.
   *
   * @param first the connection over which it was started; the caller closes it
   * @throws BoardFailure IN_DOUBT if the board can't be reached until it must have decided, or does
   *     not decide; LINK_LOST if the run was never begun
   * @throws InterruptedIOException if the thread is interrupted
   */
  RunState toEnd(Connection first) throws InterruptedIOException {
    try {
      return tail(first);
    } catch (IOException e) {
      Interruption.check(e);
      first.abort();
      progress.warn(
          deployment.board() + ": the link was lost; the board goes on by itself, looking for it");
    }
    while (true) {
      Connection again;
      try {
        again = connector.open(deployment.address(), CONNECT);
      } catch (BoardFailure e) {
        pause(e.problem());
        continue;
      }
      try (again) {
        return tail(again);
      } catch (IOException e) {
        Interruption.check(e);
        pause(String.valueOf(e.getMessage()));
      }
    }
  }

  private void pause(String why) throws InterruptedIOException {
    if (patience.isOver()) {
      throw patience.lost(last, why);
    }
    Interruption.sleep(PAUSE);
  }

  private RunState tail(Connection connection) throws IOException {
    var call = new BoardScript.Call("follow", supervision.token(), Long.toString(offset));
    try (var remote = start(call, connection)) {
      var stream = new FollowStream(remote.output());
      while (true) {
        switch (next(stream, connection)) {
          case Frame.BootId(String id) -> {
            if (!id.equals(bootId)) {
              // it has been restarted, and may be once more
              bootId = id;
              last.map(RunState::stage).ifPresent(patience::reached);
            }
          }
          case Frame.Alive alive -> {
            if (patience.isStuck()) {
              throw patience.stuck(last);
            }
          }
          case Frame.Log(int length, String text) -> tell(length, text);
          case Frame.State(List<String> lines) -> {
            if (lines.getFirst().isEmpty()) {
              continue; // not yet written
            }
            reached(RunState.parse(lines));
          }
          case Frame.Nothing nothing -> throw neverBegun();
          case Frame.End end -> {
            return last.orElseThrow(() -> new IOException("an end without a state"));
          }
        }
      }
    }
  }

  private Remote start(BoardScript.Call call, Connection connection) throws IOException {
    try (var _ = connection.bound(patience.silence())) {
      return connection.start(call);
    }
  }

  // a board whose disk hangs keeps the link, and says nothing
  private Frame next(FollowStream stream, Connection connection) throws IOException {
    try (var _ = connection.bound(patience.silence())) {
      return stream.next();
    }
  }

  private BoardFailure neverBegun() {
    return last.map(
            seen ->
                new BoardFailure(
                    FailureCode.IN_DOUBT,
                    "%s knows nothing any more of this run (last seen: %s)"
                        .formatted(deployment.board(), seen.stage().label()),
                    ""))
        .orElseGet(
            () ->
                new BoardFailure(
                    FailureCode.LINK_LOST,
                    "the link to %s was lost while its supervisor was started, and it has not begun"
                        .formatted(deployment.address()),
                    "Nothing was activated. What has arrived is not sent again."));
  }

  private void reached(RunState state) throws InterruptedIOException {
    boolean news = last.filter(state::equals).isEmpty();
    last = Optional.of(state);
    if (news) {
      progress.report(
          new ProgressEvent.BoardStep(
              deployment.board(),
              state.stage().label(),
              state.reason().isEmpty() ? Optional.empty() : Optional.of(state.reason())));
    }
    if (news) {
      patience.reached(state.stage());
    }
    boolean waits =
        state.stage() == RunState.Stage.WAITING || state.stage() == RunState.Stage.RESTARTED;
    if (waits && !confirmed.contains(state.stage())) {
      acknowledge(state.stage());
    }
  }

  // the checks, too, over a new connection: the old one may outlive a network that lets no new one
  // in
  private void acknowledge(RunState.Stage stage) throws InterruptedIOException {
    long deadline = System.nanoTime() + deployment.terms().confirm().toNanos();
    while (System.nanoTime() < deadline) {
      Duration left = Duration.ofNanos(Math.max(1_000_000_000L, deadline - System.nanoTime()));
      Duration within = left.compareTo(CONNECT) < 0 ? left : CONNECT;
      try (Connection fresh = connector.open(deployment.address(), within)) {
        List<String> faults = health.faults(fresh);
        if (!faults.isEmpty()) {
          supervision.revoke(fresh, "it is not healthy: " + String.join("; ", faults), within);
          return;
        }
        if (supervision.acknowledge(fresh, within) == Supervision.Acknowledged.CONFIRMED) {
          confirmed.add(stage);
          notAcknowledged = Optional.empty();
          patience.confirmed();
        }
        return;
      } catch (BoardFailure e) {
        notAcknowledged = Optional.of(e.problem());
      } catch (IOException e) {
        Interruption.check(e);
        notAcknowledged = Optional.of(String.valueOf(e.getMessage()));
      }
      Interruption.sleep(PAUSE);
    }
  }

  private void tell(int length, String text) {
    offset += length;
    unfinishedLine.append(text);
    int end;
    while ((end = unfinishedLine.indexOf("\n")) >= 0 || unfinishedLine.length() > 8192) {
      int cut = end < 0 ? unfinishedLine.length() : end;
      String line = unfinishedLine.substring(0, cut);
      unfinishedLine.delete(0, end < 0 ? cut : end + 1);
      log.add(line);
      units.add(line);
      progress.report(new ProgressEvent.ForeignLine(deployment.board().value(), line));
    }
  }
}
