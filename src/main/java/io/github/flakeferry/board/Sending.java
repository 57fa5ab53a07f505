package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Piece;
import java.io.IOException;
import java.io.InterruptedIOException;
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

/** Sends pieces over several lanes, which end together when one of them fails. */
final class Sending {
  private final TransferSchedule schedule;
  private final Lanes lanes;
  private final PieceSender sender;
  private final TransferMeter meter;
  private final List<ServeChannel> opened = new CopyOnWriteArrayList<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /** The channels that are to be had. */
  interface Lanes {
    /**
     * One that is greeted already.
     *
     * @throws IOException if the board allows no more, or the link is lost
     */
    ServeChannel open(int lane) throws IOException;

    /** Whether the channel stays open when all has been sent. */
    boolean stays(int lane);

    /**
     * What an exception on a channel means, a lost link or something worse.
     *
     * @param awaited what the lane waits for, a piece or nothing
     */
    Exception explained(ServeChannel channel, List<Piece> awaited, IOException e);
  }

  /**
   * @param pieces references before referrers
   */
  Sending(List<Piece> pieces, Lanes lanes, PieceSender sender, TransferMeter meter) {
    this.schedule = new TransferSchedule(pieces);
    this.lanes = lanes;
    this.sender = sender;
    this.meter = meter;
  }

  /**
   * Sends all, and waits until the board's store has it.
   *
   * @param most how many lanes there may be; where the board allows fewer, these do it
   * @throws IOException if the link is lost
   */
  void run(int most) throws IOException {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        List<Future<?>> running =
            IntStream.range(0, most)
                .<Future<?>>mapToObj(n -> executor.submit(() -> lane(n)))
                .toList();
        for (Future<?> lane : running) {
          lane.get();
        }
      } catch (InterruptedException e) {
        fail(new InterruptedIOException("interrupted"));
        executor.shutdownNow();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a lane broke", e.getCause());
      }
    }
    check();
  }

  /** Sends on one channel until there is nothing left to send. Throws nothing: it is kept. */
  private void lane(int number) {
    threads.add(Thread.currentThread());
    try {
      open(number);
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  private void open(int number) {
    ServeChannel channel;
    try {
      channel = lanes.open(number);
    } catch (IOException e) {
      if (number == 0) {
        fail(e);
      }
      return;
    }
    opened.add(channel);
    try {
      run(number, channel);
    } finally {
      if (!lanes.stays(number)) {
        channel.close();
      }
    }
  }

  private void run(int number, ServeChannel channel) {
    var lane = new TransferLane(number, channel, schedule, sender, meter);
    try {
      lane.run(e -> fail(channel, lane, e));
    } catch (IOException | RuntimeException e) {
      fail(channel, lane, e);
    }
  }

  private void fail(ServeChannel channel, TransferLane lane, Exception e) {
    fail(
        e instanceof IOException io && failure.get() == null
            ? lanes.explained(channel, lane.awaited().stream().toList(), io)
            : e);
  }

  /** The first failure counts; all lanes end. */
  private void fail(Exception e) {
    if (failure.compareAndSet(null, e)) {
      schedule.stop();
      // wakes whoever waits for room in a channel: sshj does not, not even when the link is lost,
      // and tells nobody else of the loss before
      threads.stream().filter(t -> !t.equals(Thread.currentThread())).forEach(Thread::interrupt);
      // and whoever waits for an answer
      opened.forEach(ServeChannel::close);
    }
  }

  private void check() throws IOException {
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
