package io.github.flakeferry.board;

/** Texts of others in lines of ours. */
final class Scripts {
  private Scripts() {}

  /** A word for the shell that stands for exactly this text. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** A text of others as one line: no control characters, at most 300 characters. */
  static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > 300 ? line.substring(0, 299) + "…" : line;
  }
}
