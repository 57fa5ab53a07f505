package io.github.flakeferry.cli;

import java.util.regex.Pattern;

/**
 * What is printed in a job as it is: a runner takes {@code ##[} for the beginning of a command,
 * wherever it stands, and {@code ::} at the beginning of a line, after what counts as white space.
 */
final class NoCommand {
  private static final String COMMAND = "##[";
  private static final Pattern AT_BEGINNING =
      Pattern.compile("^([^\\p{L}\\p{N}\\p{P}\\p{S}]*)::", Pattern.MULTILINE);

  private NoCommand() {}

  /** A text that says the same to people. */
  static String text(String text) {
    return AT_BEGINNING.matcher(text.replace(COMMAND, "## [")).replaceAll("$1: :");
  }

  /** The same in JSON. */
  static String json(String json) {
    return json.replace(COMMAND, "#\\u0023[");
  }
}
