package io.github.flakeferry.cli;

/**
 * What is printed in a job as it is: a runner takes {@code ##[} for the beginning of a command,
 * wherever it stands.
 */
final class NoCommand {
  private static final String COMMAND = "##[";

  private NoCommand() {}

  /** A text that says the same to people. */
  static String text(String text) {
    return text.replace(COMMAND, "## [");
  }

  /** The same in JSON. */
  static String json(String json) {
    return json.replace(COMMAND, "#\\u0023[");
  }
}
