package io.github.flakeferry.support.http;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;

/** How long all waits together may take. May be shared by many requests. */
public final class Patience {
  /** Waits. */
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  private final InstantSource clock;
  private final Sleeper sleeper;
  private Duration left;

  /**
   * @param total what all waits together may take
   */
  public Patience(Duration total, InstantSource clock, Sleeper sleeper) {
    this.left = total;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /** Waits by the machine's clock. */
  public static Patience of(Duration total) {
    return new Patience(total, InstantSource.system(), Thread::sleep);
  }

  InstantSource clock() {
    return clock;
  }

  /**
   * Waits, unless that would take longer than there is patience for: then not at all.
   *
   * @return whether it waited
   */
  boolean waitFor(Duration time) throws InterruptedIOException {
    synchronized (this) {
      if (time.compareTo(left) > 0) {
        return false;
      }
      left = left.minus(time);
    }
    try {
      sleeper.sleep(time);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a server");
    }
  }
}
