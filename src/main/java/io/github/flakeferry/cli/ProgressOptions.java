package io.github.flakeferry.cli;

import io.github.flakeferry.cli.terminal.LiveTerminal;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.report.JsonProgress;
import io.github.flakeferry.report.PlainProgress;
import io.github.flakeferry.report.ProgressJson;
import io.github.flakeferry.support.progress.LogWriter.Detail;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * How a command that takes its time tells what it does. On a terminal some lines live; in a file,
 * in CI and where the terminal is dumb all are there to stay.
 */
final class ProgressOptions {
  @ArgGroup(exclusive = true)
  private @Nullable Manner manner;

  private static final class Manner {
    @Option(names = "--quiet", description = "Says only warnings, failures and the result.")
    private boolean quiet;

    @Option(
        names = "--verbose",
        description = "Says each event, and what builders write as they write it.")
    private boolean verbose;

    @Option(
        names = "--json",
        description = "Prints events and result as JSON, one on a line, in place of all else.")
    private boolean json;
  }

  /**
   * Does the work.
   *
   * @param work tells what it does, and what comes of it
   * @return its exit code
   */
  int telling(ToIntFunction<Told> work) {
    try (Told told = open(System.getenv())) {
      try {
        return work.applyAsInt(told);
      } catch (Failure failure) {
        told.failed(() -> ProgressJson.failed(failure, Instant.now()));
        throw failure;
      }
    }
  }

  private Told open(Map<String, String> environment) {
    var chosen = Optional.ofNullable(manner);
    if (chosen.filter(m -> m.json).isPresent()) {
      Consumer<String> lines = line -> print(System.out, NoCommand.json(line));
      return Told.json(new JsonProgress(lines, InstantSource.system()), lines);
    }
    Consumer<String> result = text -> print(System.out, text);
    if (chosen.filter(m -> m.quiet).isPresent()) {
      return Told.plain(plain(Detail.QUIET), result);
    }
    boolean verbose = chosen.filter(m -> m.verbose).isPresent();
    return terminal(environment)
        .flatMap(type -> LiveTerminal.open(type, !environment.containsKey("NO_COLOR"), verbose))
        .map(live -> Told.live(live, result))
        .orElseGet(() -> Told.plain(plain(verbose ? Detail.VERBOSE : Detail.NORMAL), result));
  }

  private static PlainProgress plain(Detail detail) {
    return new PlainProgress(System.err, detail, InstantSource.system());
  }

  /** The kind of terminal, if there is one that lines could live on. */
  private static Optional<String> terminal(Map<String, String> environment) {
    boolean inCi = !environment.getOrDefault("CI", "false").matches("|0|false");
    return Optional.ofNullable(environment.get("TERM"))
        .filter(type -> !inCi && !type.isBlank() && !type.equals("dumb"));
  }

  // a terminal's line end, which is a file's, too
  private static void print(PrintStream to, String text) {
    to.print(text + "\n");
    to.flush();
  }
}
