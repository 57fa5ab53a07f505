package io.github.flakeferry.pipeline;

import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.time.Duration;
import java.util.function.Supplier;

/** A part of the run that has a beginning and an end in the log. */
record Stage(String name, Progress progress) {
  static Stage of(String name, Progress progress) {
    return new Stage(name, progress);
  }

  <T> T run(Supplier<T> work) {
    long begin = System.nanoTime();
    progress.report(new ProgressEvent.StageStarted(name));
    try {
      return work.get();
    } finally {
      progress.report(
          new ProgressEvent.StageEnded(name, Duration.ofNanos(System.nanoTime() - begin)));
    }
  }

  void run(Runnable work) {
    run(
        () -> {
          work.run();
          return true;
        });
  }
}
