package io.github.flakeferry.board;

import io.github.flakeferry.board.BoardFacts.Deployed;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a board is, some time after it was brought to its system. Changes nothing. */
final class LookAgain {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Set<BoardAction> RUNNING = EnumSet.of(BoardAction.SWITCH, BoardAction.TEST);

  private final Connector connector;
  private final Deployment deployment;
  private final HealthCheck health;

  /**
   * @param deployment what was done with it
   * @param failedBefore units that were failed before that
   */
  LookAgain(Connector connector, Deployment deployment, List<String> failedBefore) {
    this.connector = connector;
    this.deployment = deployment;
    this.health = new HealthCheck(deployment.terms().health(), failedBefore);
  }

  /**
   * What is amiss; empty when all is well.
   *
   * @throws InterruptedIOException if the thread is interrupted
   */
  Optional<BoardFailure> amiss() throws InterruptedIOException {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = connector.open(deployment.address(), CONNECT)) {
        return ask(connection);
      } catch (BoardFailure e) {
        if (e.outcome() != Outcome.DEFERRED || attempt == deployment.terms().health().attempts()) {
          return Optional.of(e);
        }
      } catch (IOException e) {
        Interruption.check(e);
        if (attempt == deployment.terms().health().attempts()) {
          return Optional.of(failed("the link to it was lost: " + e.getMessage()));
        }
      }
      Interruption.sleep(PAUSE);
    }
  }

  private Optional<BoardFailure> ask(Connection connection) throws IOException {
    BoardFacts facts = Facts.ask(connection, deployment.address());
    Optional<Deployed> newer =
        facts
            .deployed()
            .filter(d -> d.commit().filter(deployment.guards().history()::isNewer).isPresent());
    if (newer.isPresent()) {
      return newer.map(LookAgain::superseded);
    }
    List<String> faults = strayed(facts, facts.systemOf(deployment.wanted()));
    if (faults.isEmpty() && RUNNING.contains(deployment.action())) {
      faults.addAll(health.faults(connection));
    }
    return faults.isEmpty() ? Optional.empty() : Optional.of(failed(String.join("; ", faults)));
  }

  private List<String> strayed(BoardFacts facts, Optional<StorePath> wanted) {
    var faults = new ArrayList<String>();
    if (RUNNING.contains(deployment.action()) && !facts.current().equals(wanted)) {
      faults.add("it runs " + shown(facts.current()) + ", no longer " + shown(wanted));
    }
    if (Preflight.LASTING.contains(deployment.action())) {
      Optional<StorePath> starts = facts.bootDefault().or(facts::profile);
      if (!starts.equals(wanted)) {
        faults.add("it would boot " + shown(starts) + ", no longer " + shown(wanted));
      } else if (!facts.profile().equals(wanted)) {
        faults.add("its profile is " + shown(facts.profile()) + ", no longer " + shown(wanted));
      }
    }
    return faults;
  }

  private static String shown(Optional<StorePath> system) {
    return system.map(StorePath::toString).orElse("an unknown system");
  }

  private static BoardFailure superseded(Deployed there) {
    return new BoardFailure(
        FailureCode.NEWER_THERE,
        "it has been given a newer commit, %s, by %s"
            .formatted(there.commit().orElseThrow().abbreviated(), Scripts.oneLine(there.owner())),
        "");
  }

  private static BoardFailure failed(String why) {
    return new BoardFailure(FailureCode.NO_LONGER_WELL, why, "");
  }
}
