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
  private static final String RESIZED = "WINCH";

  private final LiveProgress live;
  private final Heartbeat frames;
  private final Thread hook;
  private final Object formerHandler;

  private LiveTerminal(LiveProgress live, Screen screen) {
    this.live = live;
    frames = Heartbeat.of(live, FRAME);
    hook = new Thread(live::end, "terminal");
    Runtime.getRuntime().addShutdownHook(hook);
    formerHandler =
        Signals.register(RESIZED, () -> Window.ofStandardError().ifPresent(screen::resized));
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
    frames.close();
    live.end();
    Signals.unregister(RESIZED, formerHandler);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is about to end: it is running, or has run
    }
  }
}
