package io.github.flakeferry.support.progress;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets somebody who tells of the progress know that time goes by, until it is closed. */
public final class Heartbeat implements AutoCloseable {
  /** Often enough for those who tell every half minute what goes on. */
  public static final Duration EVERY = Duration.ofSeconds(1);

  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread;

  private Heartbeat(Progress progress, Duration every) {
    thread =
        Thread.ofVirtual()
            .name("heartbeat")
            .unstarted(
                () -> {
                  try {
                    while (!end.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
                      progress.beat();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  public static Heartbeat of(Progress progress, Duration every) {
    var heartbeat = new Heartbeat(progress, every);
    heartbeat.thread.start();
    return heartbeat;
  }

  @Override
  public void close() {
    end.countDown();
  }
}
