package io.github.flakeferry.support.process;

import java.util.List;

/**
 * A child process that has ended.
 *
 * @param output all it wrote to its standard output; empty where a consumer took the lines
 * @param lastErrorLines the last lines of its standard error, at most {@link Command#KEPT_LINES}
 */
public record Finished(Command command, Exit exit, String output, List<String> lastErrorLines) {
  public Finished {
    lastErrorLines = List.copyOf(lastErrorLines);
  }

  /**
   * This, if it ended with 0.
   *
   * @throws ProcessFailure otherwise
   */
  public Finished orThrow() throws ProcessFailure {
    if (!exit.succeeded()) {
      throw new ProcessFailure(command, exit, lastErrorLines);
    }
    return this;
  }
}
