package io.github.flakeferry.cache;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What waits for one of a few places: the largest gets the next one, since what is large and begins
 * late is what all the others wait for in the end.
 */
final class Line {
  // no record: two of the same size are not the same
  private static final class Waiting {
    private final long size;
    private final CompletableFuture<Boolean> turn = new CompletableFuture<>();

    Waiting(long size) {
      this.size = size;
    }
  }

  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(Comparator.<Waiting>comparingLong(place -> place.size).reversed());
  private int free;
  private boolean closed;

  Line(int places) {
    this.free = places;
  }

  /**
   * Waits for a place, which {@link #leave} gives back.
   *
   * @return whether there is one: none is given once the line is closed
   */
  boolean enter(long size) throws InterruptedException {
    Waiting place = queue(size);
    try {
      return place.turn.get();
    } catch (InterruptedException e) {
      abandon(place);
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized Waiting queue(long size) {
    var place = new Waiting(size);
    if (closed) {
      place.turn.complete(false);
    } else {
      waiting.add(place);
      serve();
    }
    return place;
  }

  private synchronized void abandon(Waiting place) {
    boolean hadIt = !waiting.remove(place) && place.turn.join();
    if (hadIt) {
      leave();
    }
  }

  synchronized void leave() {
    free++;
    serve();
  }

  /** Sends away all that wait, and whoever comes later. */
  synchronized void close() {
    closed = true;
    waiting.forEach(place -> place.turn.complete(false));
    waiting.clear();
  }

  private void serve() {
    for (var next = waiting.peek(); free > 0 && next != null; next = waiting.peek()) {
      waiting.remove();
      free--;
      next.turn.complete(true);
    }
  }
}
