package io.github.flakeferry.cli;

import io.github.flakeferry.support.progress.LogWriter.Detail;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How much a command tells of what it does, where programs get only its result. */
final class DetailOptions {
  @ArgGroup(exclusive = true)
  private @Nullable Amount amount;

  /** One of them, or none. */
  static class Amount {
    @Option(names = "--quiet", description = "Says only warnings, failures and the result.")
    private boolean quiet;

    @Option(
        names = "--verbose",
        description = "Says each event, and what builders write as they write it.")
    private boolean verbose;

    final Detail detail() {
      return quiet ? Detail.QUIET : verbose ? Detail.VERBOSE : Detail.NORMAL;
    }
  }

  Detail detail() {
    return Optional.ofNullable(amount).map(Amount::detail).orElse(Detail.NORMAL);
  }
}
