package io.github.flakeferry.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word of a netrc file, which white space or the end of a line ends. A {@code #} that begins one
 * begins a comment.
 *
 * @param line where it is, from 1
 * @param quoted whether it was in double quotes, and so is a value
 */
record NetrcWord(int line, Secret text, boolean quoted) {
  /** What neither a header nor a line can hold. */
  static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\t]]");

  private static final Pattern LINE_END = Pattern.compile("\\r\\n|[\\r\\n]");
  private static final Pattern NEXT =
      Pattern.compile(
          "[ \\t]*+(?:#.*|\\z"
              + "|\"(?<quoted>[^\"\\\\]*+(?:\\\\[\"\\\\][^\"\\\\]*+)*+)\"(?![^ \\t])"
              + "|(?<plain>[^ \\t\"#][^ \\t]*+))",
          Pattern.DOTALL);

  /**
   * The words of a text.
   *
   * @throws IllegalArgumentException if a quote does not end on its line, or there is a control
   *     character; with nothing of the text
   */
  static List<NetrcWord> all(String text) {
    var words = new ArrayList<NetrcWord>();
    String[] lines = LINE_END.split(text, -1);
    for (int n = 0; n < lines.length; n++) {
      words.addAll(ofLine(n + 1, lines[n]));
    }
    return words;
  }

  private static List<NetrcWord> ofLine(int number, String line) {
    if (CONTROL.matcher(line).find()) {
      throw expected(number, "no control character");
    }
    var words = new ArrayList<NetrcWord>();
    Matcher next = NEXT.matcher(line);
    while (next.lookingAt()) {
      String quoted = next.group("quoted");
      String plain = next.group("plain");
      if (quoted != null) {
        String bare = quoted.replaceAll("\\\\(.)", "$1");
        words.add(new NetrcWord(number, new Secret(bare), true));
      } else if (plain != null) {
        words.add(new NetrcWord(number, new Secret(plain), false));
      } else {
        return words;
      }
      next.region(next.end(), line.length());
    }
    throw expected(
        number,
        "the end of what is in double quotes, and white space after it; in it \\\" stands for \""
            + " and \\\\ for \\");
  }

  /** What it says, in lower case, where it is no value: empty if it is one for certain. */
  String key() {
    return quoted ? "" : text.reveal().toLowerCase(Locale.ROOT);
  }

  /** Says that something else should be on its line. */
  IllegalArgumentException expected(String what) {
    return expected(line, what);
  }

  private static IllegalArgumentException expected(int line, String what) {
    return new IllegalArgumentException("in line %d expected %s".formatted(line, what));
  }
}
