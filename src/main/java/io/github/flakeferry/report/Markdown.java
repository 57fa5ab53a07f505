package io.github.flakeferry.report;

import io.github.flakeferry.support.Words;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Foreign text in GitHub's Markdown. Escaping alone doesn't do: mentions, issue numbers, commits
 * and bare links are found after the Markdown is rendered, backslashes or not, but never inside
 * code. So whatever is not plainly words becomes code.
 */
final class Markdown {
  // not "1. " and the like, which begins a list
  private static final Pattern WORDS =
      Pattern.compile(
          "(?!\\d+[.)])[\\p{L}0-9]"
              + "(?:[\\p{L}0-9 ,;()'’%+→−–-]|[.:](?= |$)|(?<=[0-9])\\.(?=[0-9]))*");
  private static final Pattern REFERENCE =
      Pattern.compile("://|\\bwww\\b|\\bGH-\\d|\\b[0-9a-fA-F]{7,}\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern BACKTICKS = Pattern.compile("`+");

  private Markdown() {}

  /** One line: as it is where it is only words, else as code. */
  static String text(String text) {
    String line = Words.printableLine(text);
    return WORDS.matcher(line).matches() && !REFERENCE.matcher(line).find() ? line : code(line);
  }

  /** One line as code; not for the cell of a table. */
  static String code(String text) {
    String line = Words.printableLine(text);
    if (line.isEmpty()) {
      return "";
    }
    String ticks = "`".repeat(longestTicks(line) + 1);
    String space = line.startsWith("`") || line.endsWith("`") ? " " : "";
    return ticks + space + line + space + ticks;
  }

  /** The same for the cell of a table, where a bar ends the cell even inside code. */
  static String codeCell(String text) {
    return code(text).replace("|", "\\|");
  }

  /** One line as code inside HTML. */
  static String htmlCode(String text) {
    return "<code>"
        + Words.printableLine(text)
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;")
        + "</code>";
  }

  /**
   * Lines as a block of code, which ends with a line end. Its fence is longer than any in it.
   *
   * @param language {@code text}, {@code diff}
   */
  static String block(String language, List<String> lines) {
    String content = Words.printable(String.join("\n", lines)).stripTrailing();
    String fence = "`".repeat(Math.max(3, longestTicks(content) + 1));
    return fence + language + "\n" + content + "\n" + fence + "\n";
  }

  private static int longestTicks(String text) {
    return BACKTICKS.matcher(text).results().mapToInt(r -> r.group().length()).max().orElse(0);
  }
}
