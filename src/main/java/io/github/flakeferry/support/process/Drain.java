package io.github.flakeferry.support.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One of a child's outputs. A thread of its own reads it to its end, or until it is left: whoever
 * else has it open may keep the end from coming.
 */
final class Drain {
  private static final int BUFFER = 1 << 16;

  // what the thread does: any other number counts how often it has waited for something to read
  private static final long TAKES = 0;
  private static final long LEFT = -1;

  private final InputStream from;
  private final Taker taker;
  private final AtomicLong doing = new AtomicLong(TAKES);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private long before;
  private int waited;

  /** Takes what was read, on one thread at a time. */
  interface Taker {
    void take(byte[] bytes, int offset, int count) throws IOException;

    /** There is no more. */
    default void end() {}

    /** What of it the child is to have said when it has ended. */
    default String kept() {
      return "";
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private Drain(InputStream from, Taker taker) {
    this.from = from;
    this.taker = taker;
  }

  /** Begins to read. */
  static Drain of(InputStream from, Taker taker) {
    var drain = new Drain(from, taker);
    Child.THREADS.execute(() -> drain.settle(drain::drain));
    return drain;
  }

  /** Done once all was taken, with what the stream or the taker threw. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  private void settle(Work work) {
    try (from) {
      work.run();
    } catch (IOException | RuntimeException | Error e) {
      ended.completeExceptionally(e);
    }
  }

  private void drain() throws IOException {
    byte[] some = new byte[BUFFER];
    for (long wait = 1; doing.compareAndSet(TAKES, wait); wait++) {
      int count = from.read(some);
      if (!doing.compareAndSet(wait, TAKES)) {
        return;
      }
      if (count < 0) {
        end();
        return;
      }
      taker.take(some, 0, count);
    }
  }

  private void end() {
    taker.end();
    ended.complete(null);
  }

  /**
   * To be called in equal times once the child has ended: does as if all was read when it has been
   * waited for in vain for many of them. A taker may take its time.
   */
  void tick(int patience) {
    long now = doing.get();
    if (now > TAKES && now == before && ++waited >= patience && doing.compareAndSet(now, LEFT)) {
      leaveTo(this::end);
    }
    before = now;
  }

  /** The taker gets nothing from now on. */
  void leave() {
    if (doing.getAndSet(LEFT) > TAKES) {
      leaveTo(() -> {});
    }
  }

  // whoever reads still waits, perhaps until the last process that has the stream open ends:
  // closing it does not wake anybody
  private void leaveTo(Work last) {
    Child.THREADS.execute(() -> settle(last));
  }
}
