package io.github.flakeferry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page shows below a command, beside what the command prints. Hashes, numbers, versions,
 * sizes and where programs lie may be others, and so may names with a number; all other words have
 * to be the same, and so have the names of boards and the codes of errors. A line {@code …} stands
 * for any lines, a word {@code …} at the end of a line for the rest of it.
 */
final class ShownOutput {
  private static final String REST = "…";

  /** What is another one in each run, unless it is one of the first group's. */
  private static final Pattern VARYING =
      Pattern.compile(
          "(FF-\\d{4}|(?:unmatched|lab)-\\d)\\b"
              + "|(?<program>/usr/[\\w./-]+)"
              + "|[\\w.]*\\d[\\w.]*(?: (?:[KMGT]i)?B\\b)?");

  private static final String NUMBER = "[\\w.]+(?: (?:[KMGT]i)?B\\b)?";
  private static final String PROGRAM = "/[\\w./-]+";

  /** How a failure is told; the first two digits of its code are the exit code. */
  private static final Pattern FAILURE =
      Pattern.compile("(?:error|wrong +\\w+) +FF-(\\d\\d)\\d\\d: .*");

  private ShownOutput() {}

  /** The exit code that goes with what is shown. */
  static int exitCode(List<String> shown) {
    return shown.stream()
        .map(FAILURE::matcher)
        .filter(Matcher::matches)
        .map(found -> Integer.valueOf(found.group(1)))
        .findFirst()
        .orElse(0);
  }

  /**
   * Compares from the first line to the last.
   *
   * @return the first shown line that is not what was printed, or says that there was more
   */
  static Optional<String> fault(List<String> shown, List<String> printed) {
    int at = 0;
    boolean gap = false;
    for (String line : shown) {
      if (line.strip().equals(REST)) {
        gap = true;
        continue;
      }
      Pattern pattern = pattern(line);
      while (gap && at < printed.size() && !pattern.matcher(printed.get(at)).matches()) {
        at++;
      }
      if (at == printed.size() || !pattern.matcher(printed.get(at)).matches()) {
        return Optional.of(line);
      }
      at++;
      gap = false;
    }
    return gap || at == printed.size()
        ? Optional.empty()
        : Optional.of("nothing more, and there is: " + printed.get(at));
  }

  private static Pattern pattern(String line) {
    boolean open = line.endsWith(" " + REST);
    String text = (open ? line.substring(0, line.length() - REST.length()) : line).strip();
    var regex = new StringBuilder("\\s*");
    Matcher varying = VARYING.matcher(text);
    int end = 0;
    while (varying.find()) {
      if (varying.group(1) == null) {
        words(text.substring(end, varying.start()), regex);
        regex.append(varying.group("program") == null ? NUMBER : PROGRAM);
        end = varying.end();
      }
    }
    words(text.substring(end), regex);
    return Pattern.compile(regex.append(open ? ".*" : "\\s*").toString());
  }

  /** However wide the columns are. */
  private static void words(String text, StringBuilder regex) {
    Matcher parts = Pattern.compile("\\s+|\\S+").matcher(text);
    while (parts.find()) {
      regex.append(parts.group().isBlank() ? "\\s+" : Pattern.quote(parts.group()));
    }
  }
}
