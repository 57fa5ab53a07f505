package io.github.flakeferry.fleet;

/** Texts out of a file as messages show them: on one line and not too long. */
final class Shown {
  private static final int MOST = 60;

  private Shown() {}

  /** In single quotes, with controls and line ends as a blank. */
  static String quoted(String text) {
    return "'" + plain(text) + "'";
  }

  /** Without quotes. */
  static String plain(String text) {
    String line =
        text.codePoints()
            .map(c -> unprintable(c) ? ' ' : c)
            .limit(MOST + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return line.codePointCount(0, line.length()) <= MOST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MOST)) + "…";
  }

  // formats are the marks that turn the direction of a text, and invisible ones
  private static boolean unprintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
