package io.github.flakeferry.board;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** One channel of a transfer: sends path after path, and reads the acknowledgements beside it. */
final class TransferLane {
  private final int number;
  private final ServeChannel channel;
  private final TransferSchedule schedule;
  private final ContentSource contents;
  private final TransferMeter meter;
  // in the order of the acknowledgements; empty: there are no more
  private final BlockingQueue<Optional<PathInfo>> announced = new LinkedBlockingQueue<>();

  TransferLane(
      int number,
      ServeChannel channel,
      TransferSchedule schedule,
      ContentSource contents,
      TransferMeter meter) {
    this.number = number;
    this.channel = channel;
    this.schedule = schedule;
    this.contents = contents;
    this.meter = meter;
  }

  /**
   * Sends what the schedule gives until it gives no more, and waits until the store has it.
   *
   * @param failed is told when an acknowledgement does not come; the channel must be closed then
   * @throws IOException if it can't be sent
   */
  void run(Consumer<Exception> failed) throws IOException {
    try (var replies = Executors.newVirtualThreadPerTaskExecutor()) {
      replies.execute(
          () -> {
            try {
              awaitAll();
            } catch (IOException e) {
              failed.accept(e);
            }
          });
      try {
        sendAll();
      } catch (IOException | RuntimeException e) {
        failed.accept(e);
        throw e;
      } finally {
        announced.add(Optional.empty());
      }
    }
  }

  private void sendAll() throws IOException {
    while (true) {
      Optional<PathInfo> next = schedule.poll(number);
      if (next.isEmpty()) {
        channel.out().flush();
        next = schedule.take(number);
      }
      if (next.isEmpty()) {
        return;
      }
      send(next.get());
    }
  }

  private void send(PathInfo info) throws IOException {
    announced.add(Optional.of(info));
    channel.protocol().announce(info);
    var to = new Counted(channel.out(), info);
    try {
      contents.writeNar(info.path(), to);
    } catch (IOException e) {
      Interruption.check(e);
      throw to.broken
          ? e
          : new BadContent(
              "the content of %s can't be read: %s".formatted(info.path(), e.getMessage()));
    }
    to.checkWhole();
  }

  private void awaitAll() throws IOException {
    try {
      for (var next = announced.take(); next.isPresent(); next = announced.take()) {
        channel.protocol().awaitAdded();
        schedule.arrived(next.get());
        meter.arrived();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A content on our side that can't be had, or is not as long as its info says. */
  static final class BadContent extends IOException {
    BadContent(String message) {
      super(message);
    }
  }

  /** Keeps a wrong length from shifting the frames of all that follows. */
  private final class Counted extends FilterOutputStream {
    private final PathInfo info;
    private long count;
    private boolean broken;

    Counted(OutputStream to, PathInfo info) {
      super(to);
      this.info = info;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      count += length;
      if (count > info.narSize()) {
        throw new BadContent(info.path() + " has more than " + info.narSize() + " bytes");
      }
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        broken = true;
        throw e;
      }
      meter.sent(length);
    }

    // whoever writes the content need not know that more comes after it
    @Override
    public void flush() {}

    @Override
    public void close() {}

    void checkWhole() throws IOException {
      if (count != info.narSize()) {
        throw new BadContent(
            "%s has %d bytes instead of %d".formatted(info.path(), count, info.narSize()));
      }
    }
  }
}
