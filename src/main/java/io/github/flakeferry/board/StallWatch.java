package io.github.flakeferry.board;

import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks whether a transfer gets on. When it does not, what a run left receiving on the board that
 * is no more is ended, since it may hold the lock of a path; and in the end the link is given up.
 */
final class StallWatch implements AutoCloseable {
  /**
   * How patient it is.
   *
   * @param pause without anything sent or taken, before the board is looked at
   * @param still what another run's part must have read nothing for: longer than it takes a runner
   *     to notice that its link is lost
   * @param end without anything sent or taken, before the link is given up: a board may collect
   *     garbage meanwhile, or look through a path of many gigabytes
   */
  record Patience(Duration pause, Duration still, Duration end) {
    static final Patience USUAL =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(40), Duration.ofMinutes(30));
  }

  private final Connection connection;
  private final Deployment deployment;
  private final TransferMeter meter;
  private final Progress progress;
  private final Patience patience;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread watching;

  /** Watches from now on. */
  StallWatch(
      Connection connection,
      Deployment deployment,
      TransferMeter meter,
      Progress progress,
      Patience patience) {
    this.connection = connection;
    this.deployment = deployment;
    this.meter = meter;
    this.progress = progress;
    this.patience = patience;
    watching = Thread.ofVirtual().start(this::watch);
  }

  private void watch() {
    long moved = meter.moved();
    long since = System.nanoTime();
    try {
      while (!over.await(patience.pause().toMillis(), TimeUnit.MILLISECONDS)) {
        if (meter.moved() != moved) {
          moved = meter.moved();
          since = System.nanoTime();
        } else if (System.nanoTime() - since > patience.end().toNanos()) {
          progress.warn(
              "%s has taken nothing for %d s: its link is given up"
                  .formatted(deployment.board(), patience.end().toSeconds()));
          connection.abort();
          return;
        } else {
          endOthers();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void endOthers() {
    try {
      if (ServeChannel.endStalled(connection, patience.still())) {
        progress.warn(
            deployment.board()
                + ": what an earlier run had left behind held a path of the store: it was ended");
      }
    } catch (IOException | BoardFailure e) {
      // whoever sends hears of a lost link; and a board may allow no further channel
    }
  }

  // never interrupted: that would close the connection's socket
  @Override
  public void close() {
    over.countDown();
    try {
      watching.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
