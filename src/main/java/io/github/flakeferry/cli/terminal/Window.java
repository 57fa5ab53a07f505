package io.github.flakeferry.cli.terminal;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How large a terminal's window is. */
record Window(int columns, int rows) {
  private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)\\s*");
  private static final Window USUAL = new Window(80, 24);

  /**
   * That of the terminal that the standard error is; absent where it is none. Java can't tell, so
   * {@code stty} is asked (POSIX, "stty"; {@code size} is in all systems' own).
   */
  static Optional<Window> ofStandardError() {
    try {
      Finished asked =
          Command.of("/bin/sh", "-c", "exec stty size <&2 2>/dev/null").runWithOurErrors();
      return asked.exit().succeeded() ? parse(asked.output()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no shell, no terminal
    }
  }

  // a terminal that does not know its size says 0
  private static Optional<Window> parse(String said) {
    Matcher size = SIZE.matcher(said);
    if (!size.matches()) {
      return Optional.empty();
    }
    var window = new Window(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1)));
    return Optional.of(window.columns == 0 || window.rows == 0 ? USUAL : window);
  }

  /** How many lines may live: half of them, so that the log is seen. */
  int room() {
    return Math.max(1, rows / 2);
  }
}
