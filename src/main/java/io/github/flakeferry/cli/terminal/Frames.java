package io.github.flakeferry.cli.terminal;

import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What is drawn with each beat, and what signals say meanwhile. The window is asked how large it is
 * by one thread only, however fast its edge is dragged.
 */
final class Frames implements Progress {
  /** A beat this late may be the first after the process was stopped. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private final LiveProgress live;
  private final Screen screen;
  private final Supplier<Optional<Window>> size;
  private final LongSupplier nanos;
  private final AtomicBoolean resized = new AtomicBoolean();
  private long last;
  private boolean late;

  /**
   * @param size asks the window
   * @param nanos as {@link System#nanoTime} counts them
   */
  Frames(LiveProgress live, Screen screen, Supplier<Optional<Window>> size, LongSupplier nanos) {
    this.live = live;
    this.screen = screen;
    this.size = size;
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  /** The window has another size, says a signal. */
  void resized() {
    resized.set(true);
  }

  /** The process goes on after it was stopped, says a signal. */
  void continued() {
    screen.continued();
    resized();
  }

  @Override
  public void report(ProgressEvent event) {
    live.report(event);
  }

  @Override
  public void beat() {
    long now = nanos.getAsLong();
    // then leave the signal that says so the time to come first
    late = !late && now - last > LATE.toNanos();
    last = now;
    if (late) {
      return;
    }
    if (resized.getAndSet(false)) {
      size.get().ifPresent(screen::resized);
    }
    live.beat();
  }
}
