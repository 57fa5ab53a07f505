package io.github.flakeferry.support.process;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/** A child's standard input, written by a thread of its own. */
final class Feed {
  private final Taken to;
  private final Feeder feeder;
  private final Runnable failed;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean cancelled;

  /** Gives a child its standard input. */
  interface Feeder {
    void feed(OutputStream to) throws IOException;
  }

  private Feed(OutputStream to, Feeder feeder, Runnable failed) {
    this.to = new Taken(to);
    this.feeder = feeder;
    this.failed = failed;
    this.thread = Child.PIPES.newThread(this::run);
  }

  /**
   * Begins to write.
   *
   * @param failed is called where the feeder fails, before the input ends: nobody is to take it for
   *     the whole
   */
  static Feed of(OutputStream to, Feeder feeder, Runnable failed) {
    var feed = new Feed(to, feeder, failed);
    feed.thread.start();
    return feed;
  }

  /** Done once all was written or refused, with what the feeder threw. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** The child has ended, and needs no more. */
  void cancel() {
    cancelled = true;
    thread.interrupt();
  }

  /** Waits no more for a feeder that can't be interrupted. */
  void leave() {
    ended.complete(null);
  }

  private void run() {
    try {
      feeder.feed(to);
    } catch (IOException | RuntimeException | Error e) {
      if (!to.refused && !cancelled) {
        failed.run();
        ended.completeExceptionally(e);
      }
    }
    try {
      to.close();
    } catch (IOException e) {
      // refused
    }
    ended.complete(null);
  }

  /** Knows whose fault it is: a child may end, or close its input, before it has read all of it. */
  private static final class Taken extends FilterOutputStream {
    private boolean refused;

    Taken(OutputStream to) {
      super(to);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      try {
        out.write(bytes, offset, count);
      } catch (IOException e) {
        refused = true;
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        refused = true;
        throw e;
      }
    }
  }
}
