package io.github.flakeferry.cli;

import io.github.flakeferry.cli.terminal.LiveTerminal;
import io.github.flakeferry.support.progress.Heartbeat;
import io.github.flakeferry.support.progress.Progress;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a command tells on its way and in the end. */
final class Told implements AutoCloseable {
  private final Progress progress;
  private final boolean json;
  private final Consumer<String> out;
  private final Runnable end;

  private Told(Progress progress, boolean json, Consumer<String> out, Runnable end) {
    this.progress = progress;
    this.json = json;
    this.out = out;
    this.end = end;
  }

  static Told json(Progress progress, Consumer<String> out) {
    return new Told(progress, true, out, () -> {});
  }

  static Told plain(Progress progress, Consumer<String> out) {
    var heartbeat = Heartbeat.of(progress, Heartbeat.EVERY);
    return new Told(progress, false, out, heartbeat::close);
  }

  static Told live(LiveTerminal terminal, Consumer<String> out) {
    return new Told(terminal.progress(), false, out, terminal::close);
  }

  Progress progress() {
    return progress;
  }

  /** The work is done: prints what came of it, and no progress from now on. */
  void result(Supplier<String> text, Supplier<String> line) {
    end.run();
    out.accept(json ? line.get() : text.get());
  }

  /** Nothing came of it; people are told elsewhere. */
  void failed(Supplier<String> line) {
    if (json) {
      out.accept(line.get());
    }
  }

  @Override
  public void close() {
    end.run();
  }
}
