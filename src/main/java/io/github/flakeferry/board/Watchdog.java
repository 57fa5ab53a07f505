package io.github.flakeferry.board;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Bounds what blocks: does something unless it was called off in time. */
final class Watchdog implements AutoCloseable {
  private final ScheduledThreadPoolExecutor clock;

  Watchdog() {
    clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("board-watchdog").factory());
    clock.setRemoveOnCancelPolicy(true);
  }

  /** Calls the alarm off. */
  interface Guard extends AutoCloseable {
    @Override
    void close();
  }

  /** Runs the alarm on a thread of its own after this time, unless the guard was closed. */
  Guard after(Duration time, Runnable alarm) {
    var pending =
        clock.schedule(
            () -> Thread.ofVirtual().start(alarm), time.toMillis(), TimeUnit.MILLISECONDS);
    return () -> pending.cancel(false);
  }

  /**
   * Runs something again and again with such a pause, until the guard is closed. It must be short.
   */
  Guard every(Duration pause, Runnable look) {
    var running =
        clock.scheduleWithFixedDelay(
            look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    return () -> running.cancel(false);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
