package io.github.flakeferry.forge.actions;

import io.github.flakeferry.support.http.Patience.Sleeper;
import java.time.Duration;

/** Waits, until there is no more time for that: from then on nobody waits here. */
public final class Naps implements Sleeper {
  private boolean over;

  @Override
  public synchronized void sleep(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0 && !over; left = end - System.nanoTime()) {
      // of less than a millisecond wait() would make for ever
      wait(left / 1_000_000 + 1);
    }
  }

  /** Ends all waits, and those to come. */
  public synchronized void end() {
    over = true;
    notifyAll();
  }
}
