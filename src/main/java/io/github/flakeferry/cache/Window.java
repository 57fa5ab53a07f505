package io.github.flakeferry.cache;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * How many requests to one server are under way at once. As TCP does it (RFC 5681, section 3.1), it
 * begins with what any server takes, allows more as long as answers come well and all places are
 * taken, and half as many when one does not: each request may be a connection of its own. For any
 * number of threads.
 */
final class Window {
  /** Fewer than small servers let wait to be accepted. */
  static final int FIRST = 48;

  static final int MOST = 4 * FIRST;
  static final int LEAST = 3;

  private static final class Places extends Semaphore {
    private static final long serialVersionUID = 1;

    Places() {
      super(FIRST, true);
    }

    void fewer(int count) {
      reducePermits(count);
    }
  }

  private final Places places = new Places();
  private int size = FIRST;
  private int halved;
  private int well;

  /**
   * Makes a request when there is a place for it.
   *
   * @throws Retries.Passing if the request does
   * @throws UncheckedIOException with an {@link InterruptedIOException} when interrupted
   */
  <T> T run(Supplier<T> request) {
    int begun = enter();
    try {
      T answer = request.get();
      answered(begun);
      return answer;
    } catch (Retries.Passing e) {
      troubled(begun);
      throw e;
    } finally {
      places.release();
    }
  }

  private int enter() {
    try {
      places.acquire();
      return halved();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("interrupted before a request"));
    }
  }

  private synchronized int halved() {
    return halved;
  }

  // FIRST more for each round trip, and only one more once it was too much. With twice as many, as
  // TCP has it, more connections came at a time than small servers let wait, and one that is passed
  // over is tried again after a second.
  private synchronized void answered(int begun) {
    if (begun != halved || size == MOST || !places.hasQueuedThreads()) {
      return;
    }
    well++;
    if (well >= (halved == 0 ? size / FIRST : size)) {
      well = 0;
      size++;
      places.release();
    }
  }

  // those that were under way with it tell nothing new
  private synchronized void troubled(int begun) {
    if (begun != halved) {
      return;
    }
    halved++;
    well = 0;
    int fewer = size - Math.max(LEAST, size / 2);
    size -= fewer;
    places.fewer(fewer);
  }

  synchronized int size() {
    return size;
  }
}
