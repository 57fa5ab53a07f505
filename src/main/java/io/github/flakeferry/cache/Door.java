package io.github.flakeferry.cache;

import io.github.flakeferry.support.http.Patience;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Whether a cache is to be had. It is asked before anything is brought there, and again when much
 * has failed in a row. A server that is being restarted is there again in a while: one that does
 * not answer is asked again from time to time. For any number of threads.
 */
final class Door {
  /** How long it is left alone the first time; then twice as long, and so on. */
  static final Duration REST = Duration.ofMinutes(1);

  private static final Duration LONGEST_REST = Duration.ofMinutes(8);

  /** Between two questions in the end. */
  static final Duration PAUSE = Duration.ofSeconds(15);

  /** How often one is asked in the end that has answered in this run. */
  static final int PATIENCE = 12;

  private final Runnable question;
  private final Breaker breaker;
  private final LongSupplier nanos;
  private final Patience.Sleeper sleeper;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean open;
  private boolean hasAnswered;
  private Duration rest = Duration.ZERO;
  private long since;

  /**
   * @param question asks the cache, and throws {@link PublishFailed} where it is none or is away
   */
  Door(Runnable question, Breaker breaker, LongSupplier nanos, Patience.Sleeper sleeper) {
    this.question = question;
    this.breaker = breaker;
    this.nanos = nanos;
    this.sleeper = sleeper;
  }

  /**
   * Whether something may be brought there now. Waits for the answer where it is time to ask.
   *
   * @throws PublishFailed if it fails in a way that does not pass
   */
  boolean isOpen() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      look();
      if (!open && isRested() && breaker.reason().isEmpty()) {
        askOnce();
      }
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it was shut, and it is time to ask again. Does not wait. */
  boolean isToBeAskedAgain() {
    if (!lock.tryLock()) {
      return false; // it is being asked
    }
    try {
      look();
      return !open && !rest.isZero() && isRested();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks again and again where it is shut: for minutes where it has answered in this run, else
   * once.
   *
   * @throws PublishFailed if it does not answer then
   */
  void open() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      look();
      for (int left = hasAnswered ? PATIENCE : 1; !open; left--) {
        try {
          ask();
        } catch (PublishFailed e) {
          if (left == 1 || e.extent() != PublishFailed.Extent.PASSING) {
            throw e;
          }
          sleeper.sleep(PAUSE);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    if (open && breaker.hasTripped()) {
      shut();
    }
  }

  private boolean isRested() {
    return rest.isZero() || nanos.getAsLong() - since >= rest.toNanos();
  }

  private void askOnce() {
    try {
      ask();
    } catch (PublishFailed e) {
      if (e.extent() != PublishFailed.Extent.PASSING) {
        breaker.giveUp(e); // before anybody else asks
        throw e;
      }
      shut();
    }
  }

  private void ask() {
    question.run();
    open = true;
    hasAnswered = true;
    breaker.succeeded();
  }

  private void shut() {
    open = false;
    since = nanos.getAsLong();
    rest = rest.isZero() ? REST : rest.multipliedBy(2);
    if (rest.compareTo(LONGEST_REST) > 0) {
      rest = LONGEST_REST;
    }
  }
}
