package io.github.flakeferry.fleet;

/**
 * A pattern for names and refs: {@code *} is any text without a slash, {@code **} any text, {@code
 * ?} one character but a slash. Matching takes time in proportion to both lengths, whatever the
 * pattern.
 */
record Glob(String pattern) {
  boolean matches(String text) {
    // row[i]: whether the pattern up to here matches the first i characters
    boolean[] row = new boolean[text.length() + 1];
    row[0] = true;
    for (int p = 0; p < pattern.length(); p++) {
      char c = pattern.charAt(p);
      boolean two = c == '*' && p + 1 < pattern.length() && pattern.charAt(p + 1) == '*';
      row = c == '*' ? star(row, text, two) : one(row, text, c);
      p += two ? 1 : 0;
    }
    return row[text.length()];
  }

  private static boolean[] star(boolean[] before, String text, boolean slashes) {
    boolean[] after = before.clone();
    for (int i = 0; i < text.length(); i++) {
      after[i + 1] |= after[i] && (slashes || text.charAt(i) != '/');
    }
    return after;
  }

  private static boolean[] one(boolean[] before, String text, char wanted) {
    boolean[] after = new boolean[before.length];
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      after[i + 1] = before[i] && (wanted == '?' ? c != '/' : c == wanted);
    }
    return after;
  }
}
