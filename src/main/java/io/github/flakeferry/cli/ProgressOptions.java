package io.github.flakeferry.cli;

import io.github.flakeferry.support.progress.LogWriter.Detail;
import java.time.Instant;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How a command that takes its time tells what it does. */
final class ProgressOptions {
  @ArgGroup(exclusive = true)
  private @Nullable Manner manner;

  private static final class Manner extends DetailOptions.Amount {
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
    try (Told told = open()) {
      try {
        return work.applyAsInt(told);
      } catch (RuntimeException e) {
        told.failed(() -> ErrorText.of(e).json(Instant.now()));
        throw e;
      }
    }
  }

  private Told open() {
    var chosen = Optional.ofNullable(manner);
    return chosen.filter(m -> m.json).isPresent()
        ? Told.asJson()
        : Told.forPeople(chosen.map(Manner::detail).orElse(Detail.NORMAL), System.getenv());
  }
}
