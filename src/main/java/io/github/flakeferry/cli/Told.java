package io.github.flakeferry.cli;

import io.github.flakeferry.cli.terminal.LiveTerminal;
import io.github.flakeferry.report.JsonProgress;
import io.github.flakeferry.report.PlainProgress;
import io.github.flakeferry.support.progress.Heartbeat;
import io.github.flakeferry.support.progress.LogWriter.Detail;
import io.github.flakeferry.support.progress.Progress;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a command tells on its way and in the end. On a terminal some lines live; in a file, in CI
 * and where the terminal is dumb all are there to stay.
 */
final class Told implements AutoCloseable {
  private final Progress progress;
  private final boolean json;
  private final PrintStream out = System.out;
  private final Runnable end;

  private Told(Progress progress, boolean json, Runnable end) {
    this.progress = progress;
    this.json = json;
    this.end = end;
  }

  /** On the standard output, events and result alike. */
  static Told asJson() {
    PrintStream out = System.out;
    var events = new JsonProgress(line -> print(out, NoCommand.json(line)), InstantSource.system());
    return new Told(events, true, () -> {});
  }

  /** On the standard error, but for the result. */
  static Told forPeople(Detail detail, Map<String, String> environment) {
    return (detail == Detail.QUIET ? Optional.<Told>empty() : live(detail, environment))
        .orElseGet(
            () -> {
              var plain = new PlainProgress(System.err, detail, InstantSource.system());
              return new Told(plain, false, Heartbeat.of(plain, Heartbeat.EVERY)::close);
            });
  }

  /** The same of a command that is quickly done: only a terminal shows what is waited for. */
  static Told briefly(Map<String, String> environment) {
    return onTerminal(new PlainProgress(System.err), environment);
  }

  /** On a terminal, or what there is elsewhere. */
  static Told onTerminal(Progress elsewhere, Map<String, String> environment) {
    return live(Detail.NORMAL, environment).orElseGet(() -> new Told(elsewhere, false, () -> {}));
  }

  private static Optional<Told> live(Detail detail, Map<String, String> environment) {
    boolean coloured = !environment.containsKey("NO_COLOR");
    return terminal(environment)
        .flatMap(type -> LiveTerminal.open(type, coloured, detail == Detail.VERBOSE))
        .map(terminal -> new Told(terminal.progress(), false, terminal::close));
  }

  /** The kind of terminal, if there is one that lines could live on. */
  private static Optional<String> terminal(Map<String, String> environment) {
    boolean inCi = !environment.getOrDefault("CI", "false").matches("|0|false");
    return Optional.ofNullable(environment.get("TERM"))
        .filter(type -> !inCi && !type.isBlank() && !type.equals("dumb"));
  }

  Progress progress() {
    return progress;
  }

  /** The work is done: prints what came of it, and no progress from now on. */
  void result(Supplier<String> text, Supplier<String> line) {
    result(json ? line.get() : text.get());
  }

  /** The same in whichever form. */
  void result(String text) {
    end.run();
    print(out, text);
  }

  /** Nothing came of it; people are told elsewhere. */
  void failed(Supplier<String> line) {
    if (json) {
      print(out, line.get());
    }
  }

  // a terminal's line end, which is a file's, too
  private static void print(PrintStream to, String text) {
    to.print(text + "\n");
    to.flush();
  }

  @Override
  public void close() {
    end.run();
  }
}
