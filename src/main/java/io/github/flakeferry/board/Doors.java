package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets only some log in at the same machine at once. Of more than ten who have not logged in yet
 * OpenSSH turns away some by chance (MaxStartups in sshd_config(5)), and many boards may be behind
 * one jump host. For several threads.
 */
final class Doors {
  /** Leaves room for others who log in there. */
  static final int AT_ONCE = 8;

  private final Map<String, Semaphore> doors = new ConcurrentHashMap<>();

  /** Somebody who is about to log in. */
  interface Guest extends AutoCloseable {
    /** Has logged in, or given up. May be called again. */
    @Override
    void close();
  }

  /**
   * Waits for a place.
   *
   * @param patience after it there is no more waiting, and no place is taken
   * @throws InterruptedIOException if the thread is interrupted
   */
  Guest enter(BoardAddress machine, Duration patience) throws InterruptedIOException {
    Semaphore door =
        doors.computeIfAbsent(
            machine.host() + " " + machine.port(), m -> new Semaphore(AT_ONCE, true));
    try {
      if (!door.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return () -> {};
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    var inside = new AtomicBoolean(true);
    return () -> {
      if (inside.compareAndSet(true, false)) {
        door.release();
      }
    };
  }
}
