package io.github.flakeferry.support.process;

import java.util.List;

/** A child process that ended badly where the caller wanted success. */
public final class ProcessFailure extends java.io.IOException {
  private final Exit exit;
  private final List<String> lastErrorLines;

  ProcessFailure(Command command, Exit exit, List<String> lastErrorLines) {
    super("`" + command.program() + "` " + exit + describe(lastErrorLines));
    this.exit = exit;
    this.lastErrorLines = List.copyOf(lastErrorLines);
  }

  private static String describe(List<String> lines) {
    return lines.isEmpty() ? "" : ": " + String.join("\n", lines);
  }

  public Exit exit() {
    return exit;
  }

  public List<String> lastErrorLines() {
    return lastErrorLines;
  }
}
