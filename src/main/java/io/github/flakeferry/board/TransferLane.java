package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Piece;
import io.github.flakeferry.model.PathInfo;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** One channel of a transfer: sends piece after piece, and reads the acknowledgements beside it. */
final class TransferLane {
  private final int number;
  private final ServeChannel channel;
  private final TransferSchedule schedule;
  private final PieceSender sender;
  private final TransferMeter meter;
  // in the order of the acknowledgements; empty: there are no more
  private final BlockingQueue<Optional<Announced>> announced = new LinkedBlockingQueue<>();
  private volatile Optional<Piece> awaited = Optional.empty();

  private record Announced(PathInfo info, Piece piece) {
    boolean isLast() {
      return piece.paths().getLast().equals(info);
    }
  }

  TransferLane(
      int number,
      ServeChannel channel,
      TransferSchedule schedule,
      PieceSender sender,
      TransferMeter meter) {
    this.number = number;
    this.channel = channel;
    this.schedule = schedule;
    this.sender = sender;
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

  /** The piece that the board has been sent and has not taken yet; empty where there is none. */
  Optional<Piece> awaited() {
    return awaited;
  }

  private void sendAll() throws IOException {
    while (true) {
      Optional<Piece> next = schedule.poll(number);
      if (next.isEmpty()) {
        channel.out().flush();
        next = schedule.take(number);
      }
      if (next.isEmpty()) {
        return;
      }
      Piece piece = next.get();
      piece.paths().forEach(info -> announced.add(Optional.of(new Announced(info, piece))));
      sender.send(piece, number, channel);
    }
  }

  private void awaitAll() throws IOException {
    try {
      for (var next = announced.take(); next.isPresent(); next = announced.take()) {
        awaited = next.map(Announced::piece);
        channel.protocol().awaitAdded();
        awaited = Optional.empty();
        schedule.arrived(next.get().info());
        meter.arrived();
        if (next.get().isLast()) {
          sender.arrived(next.get().piece(), number);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
