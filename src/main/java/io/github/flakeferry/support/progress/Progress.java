package io.github.flakeferry.support.progress;

/** Takes what happens, from any thread. */
@FunctionalInterface
public interface Progress {
  Progress SILENT = event -> {};

  void report(ProgressEvent event);

  /** Time goes by and work goes on: is called every now and then by a {@link Heartbeat}. */
  default void beat() {}

  default void note(String text) {
    report(new ProgressEvent.Note(text));
  }

  default void warn(String text) {
    report(new ProgressEvent.Warning(text));
  }
}
