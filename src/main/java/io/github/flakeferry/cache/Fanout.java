package io.github.flakeferry.cache;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;

/** Many tasks at once, each on a virtual thread; the first failure ends the others. */
final class Fanout {
  private Fanout() {}

  /** Returns when all are done, or throws what the first that failed threw. */
  static void run(List<Callable<Boolean>> tasks) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var completion = new ExecutorCompletionService<Boolean>(threads);
      tasks.forEach(completion::submit);
      try {
        for (int n = 0; n < tasks.size(); n++) {
          completion.take().get();
        }
      } catch (InterruptedException e) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw new UncheckedIOException(new InterruptedIOException("interrupted while publishing"));
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw unwrapped(e);
      }
    }
  }

  /** What a task threw, as it threw it. */
  static RuntimeException unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case RuntimeException cause -> cause;
      case Error cause -> throw cause;
      case null, default -> new IllegalStateException(e);
    };
  }
}
