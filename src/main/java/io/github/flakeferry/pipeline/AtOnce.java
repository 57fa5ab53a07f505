package io.github.flakeferry.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;

/** The same work for several boards, or other things, at once, up to a bound. */
public final class AtOnce {
  private AtOnce() {}

  /**
   * Does the work for all and waits for it, also when it is interrupted: then each work is
   * interrupted, and so is the caller again at the end.
   *
   * @param late what an item has come to that was interrupted before its turn came
   * @return in the items' order
   */
  public static <T, R> List<R> each(
      List<T> items, int bound, Function<T, R> work, Function<T, R> late) {
    return each(items, bound, work, late, result -> {});
  }

  /**
   * The same, and tells each result as it comes. Whoever is told, and may be slow, keeps no other
   * item from its turn.
   *
   * @param told is called by several threads
   */
  static <T, R> List<R> each(
      List<T> items, int bound, Function<T, R> work, Function<T, R> late, Consumer<R> told) {
    var permits = new Semaphore(bound);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<R>> futures =
          items.stream()
              .map(
                  item ->
                      threads.submit(
                          () -> {
                            R result = inTurn(item, permits, work, late);
                            told.accept(result);
                            return result;
                          }))
              .toList();
      return collect(futures, threads::shutdownNow);
    }
  }

  private static <T, R> R inTurn(
      T item, Semaphore permits, Function<T, R> work, Function<T, R> late) {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      return late.apply(item);
    }
    try {
      return work.apply(item);
    } finally {
      permits.release();
    }
  }

  private static <R> List<R> collect(List<Future<R>> futures, Runnable interruptAll) {
    var results = new ArrayList<R>();
    boolean interrupted = false;
    for (Future<R> future : futures) {
      while (true) {
        try {
          results.add(future.get());
          break;
        } catch (InterruptedException e) {
          // each board is told; what it makes of it is its result
          interrupted = true;
          interruptAll.run();
        } catch (ExecutionException e) {
          throw new IllegalStateException("a part of the work broke", e.getCause());
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return results;
  }
}
