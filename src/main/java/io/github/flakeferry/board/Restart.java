package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.RestartParts;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.RebootTerms;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Starts a board anew to run all of the system that has just become its default. There is no second
 * chance in it, so only a policy that says {@code unprotected-reboot} has it, and only on boards
 * whose supervisor could not restart them with a way back, as systemd-boot has one.
 */
final class Restart {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ASK = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Connector connector;
  private final Deployment deployment;
  private final Progress progress;

  Restart(Connector connector, Deployment deployment, Progress progress) {
    this.connector = connector;
    this.deployment = deployment;
    this.progress = progress;
  }

  /** Whether the policy wants it after a run that ended so. */
  static boolean isWanted(Deployment deployment, RunState end) {
    return deployment.action() != BoardAction.TEST
        && deployment.terms().reboot().unprotected()
        && !end.restarted()
        && switch (deployment.terms().reboot().when()) {
          case NEVER -> false;
          case IF_NEEDED -> !end.restart().isEmpty();
          case ALWAYS -> true;
        };
  }

  /** What people should know of a restart that is needed and does not come; empty: nothing. */
  static Optional<String> notice(Deployment deployment, RunState end) {
    if (end.restart().isEmpty() || isWanted(deployment, end)) {
      return Optional.empty();
    }
    String why;
    if (deployment.action() == BoardAction.TEST) {
      why = ", and a preview restarts no board.";
    } else if (deployment.terms().reboot().when() == RebootTerms.When.NEVER) {
      why = ", which the policy leaves to you (reboot: never).";
    } else {
      why =
          ". It was not restarted, since there would be no way back%s: the policy allows that only with unprotected-reboot: true."
              .formatted(end.unprotected().isEmpty() ? "" : " (" + end.unprotected() + ")");
    }
    return Optional.of(new RestartParts(List.of(end.restart().split(" "))).told() + why);
  }

  /**
   * Restarts the board and waits until it is back. A link that is lost once it is told says
   * nothing: it may have heard or not, and is asked until it answers from another boot.
   *
   * @param system what it must boot
   * @throws BoardFailure IN_DOUBT if it does not come back in time, FAILED if it boots another
   *     system
   * @throws IOException if the link is lost before it is told
   */
  void run(Connection connection, StorePath system) throws IOException {
    progress.report(
        new ProgressEvent.BoardStep(deployment.board(), "restarting", Optional.empty()));
    String before = Facts.ask(connection, deployment.address()).bootId();
    BoardFacts facts = await(before, isTold(connection));
    if (!facts.booted().equals(Optional.of(system))) {
      throw new BoardFailure(
          FailureCode.NOT_RESTARTED,
          "%s came back with %s instead of %s"
              .formatted(
                  deployment.board(),
                  facts.booted().map(Object::toString).orElse("an unknown system"),
                  system),
          "Look at its boot loader.");
    }
  }

  /** Tells it to restart; false if the link was lost before it answered. */
  private boolean isTold(Connection connection) throws InterruptedIOException {
    Connection.Answer answer;
    try {
      answer = connection.run(new BoardScript.Call("restart"), ASK);
    } catch (IOException e) {
      Interruption.check(e);
      progress.warn(
          "%s: the link was lost while it was told to restart (%s): looking for it"
              .formatted(deployment.board(), e.getMessage()));
      connection.abort();
      return false;
    }
    if (answer.status() != 0 || !answer.output().startsWith("restarts ")) {
      throw new BoardFailure(
          FailureCode.NOT_RESTARTED,
          "%s can't be restarted: %s"
              .formatted(deployment.board(), Scripts.oneLine(answer.errors())),
          "");
    }
    return true;
  }

  private BoardFacts await(String bootIdBefore, boolean answered) throws InterruptedIOException {
    Duration patience = deployment.terms().reboot().deadline();
    long end = System.nanoTime() + patience.toNanos();
    boolean told = answered;
    while (System.nanoTime() < end) {
      try (Connection again = connector.open(deployment.address(), CONNECT)) {
        BoardFacts facts = Facts.ask(again, deployment.address());
        if (!facts.bootId().equals(bootIdBefore)) {
          return facts;
        }
        told = told || isTold(again);
      } catch (BoardFailure e) {
        // not yet: away, not ready to answer, or on its way down already
      } catch (IOException e) {
        Interruption.check(e);
      }
      Interruption.sleep(PAUSE);
    }
    throw new BoardFailure(
        FailureCode.NOT_BACK,
        "%s did not come back within %d s of its restart"
            .formatted(deployment.board(), patience.toSeconds()),
        "Look at its console; its boot loader still has the generations before.");
  }
}
