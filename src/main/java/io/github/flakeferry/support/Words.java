package io.github.flakeferry.support;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Figures and foreign text in a form for people. */
public final class Words {
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%:.,_/-]+");

  private Words() {}

  /** {@code 512 B}, {@code 12.3 KiB}. */
  public static String bytes(long bytes) {
    if (Math.abs(bytes) < 1024) {
      return bytes + " B";
    }
    double value = bytes / 1024.0;
    int unit = 0;
    // what rounds up to 1024.0 belongs to the next unit
    while (Math.abs(value) >= 1023.95 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  /** {@code 0.4 s}, {@code 12 s}, {@code 2 min 5 s}. */
  public static String time(Duration time) {
    if (time.toMillis() < 9_950) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
    long seconds = (time.toMillis() + 500) / 1000;
    return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
  }

  /** {@code 12 s}, {@code 4 min}, {@code 1 h 5 min}. */
  public static String roughly(Duration time) {
    long minutes = time.toMinutes();
    if (minutes == 0) {
      return time.toSeconds() + " s";
    }
    return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
  }

  /** One and many: {@code 1 board}, {@code 2 boards}. */
  public static String count(long count, String one) {
    return count + " " + one + (count == 1 ? "" : "s");
  }

  /**
   * A foreign text without what could move a terminal's cursor or reorder a line: control
   * characters other than line feed and tab, and Unicode's directional overrides, are left out.
   */
  public static String printable(String text) {
    var clean = new StringBuilder(text.length());
    text.replace("\r\n", "\n")
        .replace('\r', '\n')
        .codePoints()
        .filter(c -> c == '\n' || c == '\t' || !(Character.isISOControl(c) || isDirectional(c)))
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /** The same on one line: line ends become spaces. */
  public static String printableLine(String text) {
    return printable(text).replace('\n', ' ').replace('\t', ' ').strip();
  }

  /** At most so many chars, cut at a word, with an ellipsis where something was left out. */
  public static String shortened(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    int space = text.lastIndexOf(' ', end);
    return text.substring(0, space >= longest / 2 ? space : end).stripTrailing() + "…";
  }

  /** One word of a shell's line, whatever is in it; quoted where it is not plain. */
  public static String forShell(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static boolean isDirectional(int c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  }
}
