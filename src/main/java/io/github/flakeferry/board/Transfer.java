package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings what a board lacks into its store over one connection, without waiting for each path: over
 * one channel, or over several where there is much to send, since a channel's window bounds its
 * speed on a long link. As long as it is open, the board's garbage collector keeps what was asked
 * for and what was sent, over whichever channel.
 */
final class Transfer implements AutoCloseable {
  private static final int MOST_LANES = 4;

  /** How long a board may look for paths in its store. */
  private static final Duration ANSWER = Duration.ofMinutes(5);

  /** For each of these one more lane: two windows of a channel. */
  private static final long BYTES_A_LANE = 4L << 20;

  private final Connection connection;
  private final BoardName board;
  private final ServeChannel first;

  /** Starts the board's {@code nix-store} and greets it. */
  Transfer(Connection connection, BoardName board) throws IOException {
    this.connection = connection;
    this.board = board;
    first = new ServeChannel(connection);
    try {
      first.protocol().greet();
    } catch (IOException e) {
      IOException told = explained(first, e);
      close();
      throw told;
    }
  }

  /**
   * What of a closure the board lacks, references before referrers. Its collector keeps all of the
   * closure from now on: what it has, and what it gets.
   */
  List<PathInfo> missing(List<PathInfo> closure) throws IOException {
    // a collector that runs holds it up
    try (var _ = connection.bound(ANSWER)) {
      Set<StorePath> valid =
          first.protocol().validPaths(closure.stream().map(PathInfo::path).toList());
      return TransferOrder.of(closure).stream().filter(i -> !valid.contains(i.path())).toList();
    } catch (IOException e) {
      throw explained(first, e);
    }
  }

  /** How many channels are worth opening. */
  static int lanes(List<PathInfo> missing) {
    long bytes = missing.stream().mapToLong(PathInfo::narSize).sum();
    return (int) Math.min(Math.min(missing.size(), MOST_LANES), 1 + bytes / BYTES_A_LANE);
  }

  /**
   * Sends paths and waits until the board's store has them all.
   *
   * @param missing as {@link #missing} told it
   * @throws BoardFailure if the board's Nix does not take them, with its own words; or if a NAR
   *     can't be read
   * @throws IOException if the link is lost
   */
  void send(List<PathInfo> missing, ContentSource contents, TransferMeter meter)
      throws IOException {
    meter.begin(missing);
    var sending = new Sending(missing, contents, meter);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        List<Future<?>> lanes =
            IntStream.range(0, lanes(missing))
                .<Future<?>>mapToObj(n -> threads.submit(() -> sending.lane(n)))
                .toList();
        for (Future<?> lane : lanes) {
          lane.get();
        }
      } catch (InterruptedException e) {
        sending.fail(new InterruptedIOException("interrupted"));
        threads.shutdownNow();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a lane broke", e.getCause());
      }
    }
    sending.check();
  }

  /** One {@link #send}: what its lanes share. */
  private final class Sending {
    private final TransferSchedule schedule;
    private final ContentSource contents;
    private final TransferMeter meter;
    private final List<ServeChannel> opened = new CopyOnWriteArrayList<>();
    private final Set<Thread> lanes = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Sending(List<PathInfo> missing, ContentSource contents, TransferMeter meter) {
      this.schedule = new TransferSchedule(missing);
      this.contents = contents;
      this.meter = meter;
    }

    /** Sends on one channel until there is nothing left to send. Throws nothing: it is kept. */
    void lane(int number) {
      lanes.add(Thread.currentThread());
      try {
        if (number == 0) {
          run(number, first);
        } else {
          further(number);
        }
      } finally {
        lanes.remove(Thread.currentThread());
      }
    }

    private void further(int number) {
      ServeChannel channel;
      try {
        channel = new ServeChannel(connection);
      } catch (IOException e) {
        return; // the board allows no more channels: those that are open do it
      }
      opened.add(channel);
      try (channel) {
        channel.protocol().greet();
        run(number, channel);
      } catch (IOException e) {
        fail(channel, e);
      }
    }

    private void run(int number, ServeChannel channel) {
      var lane = new TransferLane(number, channel, schedule, contents, meter);
      try {
        lane.run(e -> fail(channel, e));
      } catch (IOException | RuntimeException e) {
        fail(channel, e);
      }
    }

    private void fail(ServeChannel channel, Exception e) {
      try {
        fail(e instanceof IOException io && failure.get() == null ? explained(channel, io) : e);
      } catch (IOException | RuntimeException told) {
        fail(told);
      }
    }

    /** The first failure counts; all lanes end. */
    void fail(Exception e) {
      if (failure.compareAndSet(null, e)) {
        schedule.stop();
        // wakes whoever waits for room in a channel: sshj does not, not even when the link is lost,
        // and tells nobody else of the loss before
        lanes.stream().filter(t -> !t.equals(Thread.currentThread())).forEach(Thread::interrupt);
        // and whoever waits for an answer
        opened.forEach(ServeChannel::close);
        first.close();
      }
    }

    void check() throws IOException {
      switch (failure.get()) {
        case null -> {}
        case InterruptedIOException e -> {
          Thread.currentThread().interrupt();
          throw e;
        }
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Exception e -> throw new IllegalStateException(e);
      }
    }
  }

  /**
   * What an exception on a channel means.
   *
   * @return the same, where the link is lost
   */
  private IOException explained(ServeChannel channel, IOException e) throws InterruptedIOException {
    Interruption.check(e);
    if (e instanceof TransferLane.BadContent || e instanceof ServeProtocol.Mismatch) {
      throw new BoardFailure(Outcome.FAILED, board + ": " + e.getMessage(), "");
    }
    channel
        .lastWords()
        .ifPresent(
            words -> {
              throw NixComplaint.of(board, words);
            });
    return e;
  }

  @Override
  public void close() {
    first.close();
  }
}
