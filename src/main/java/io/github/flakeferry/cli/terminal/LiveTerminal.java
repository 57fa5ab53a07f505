package io.github.flakeferry.cli.terminal;

import io.github.flakeferry.support.progress.Heartbeat;
import io.github.flakeferry.support.progress.Progress;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jline.utils.Signals;

/**
 * The terminal that the standard error is, with lines that live until this is closed. They also go
 * when a signal ends the process: what happens then is still told, below the log.
 */
public final class LiveTerminal implements AutoCloseable {
  private static final Duration FRAME = Duration.ofMillis(100);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final String RESIZED = "WINCH";
  private static final String CONTINUED = "CONT";

  private final LiveProgress live;
  private final Heartbeat heartbeat;
  private final Thread hook;
  private final Object whenResized;
  private final Object whenContinued;

  private LiveTerminal(LiveProgress live, Screen screen) {
    this.live = live;
    var frames = new Frames(live, screen, Window::ofStandardError, System::nanoTime);
    heartbeat = Heartbeat.of(frames, FRAME);
    hook = new Thread(() -> tryFor(LAST_WORDS, live::end), "terminal");
    Runtime.getRuntime().addShutdownHook(hook);
    whenResized = Signals.register(RESIZED, frames::resized);
    whenContinued = Signals.register(CONTINUED, frames::continued);
  }

  /** A terminal may take nothing for however long: Ctrl-S; a process can't end before its hooks. */
  static void tryFor(Duration longest, Runnable work) {
    Thread thread = Thread.ofPlatform().daemon().start(work);
    try {
      thread.join(longest);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Opens it, if there is one.
   *
   * @param type as {@code TERM} names it
   * @param coloured whether lines may have colours
   * @param verbose whether each event is told as well
   */
  public static Optional<LiveTerminal> open(String type, boolean coloured, boolean verbose) {
    return Window.ofStandardError()
        .map(
            window -> {
              var out = new FileOutputStream(FileDescriptor.err);
              var screen = new Screen(type, out, window, coloured);
              return new LiveTerminal(
                  new LiveProgress(screen, verbose, InstantSource.system()), screen);
            });
  }

  public Progress progress() {
    return live;
  }

  @Override
  public void close() {
    heartbeat.close();
    live.end();
    Signals.unregister(RESIZED, whenResized);
    Signals.unregister(CONTINUED, whenContinued);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is about to end: it is running, or has run
    }
  }
}
