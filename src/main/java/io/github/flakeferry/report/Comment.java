package io.github.flakeferry.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A run as Markdown for a pull request's comment. */
public final class Comment {
  /** Chars; GitHub takes 65,536, and its marker must fit in, too. */
  static final int LONGEST = 63_000;

  private static final int DIGITS = 32;
  private static final int LAST_LINE = "<!-- says:  -->\n".length() + DIGITS;

  private Comment() {}

  /**
   * The comment. Its last line is hidden and stands for all that it says except times and, once the
   * run has something to tell, the run: where that is the same, the comment need not be written
   * again.
   */
  public static String render(RunReport report) {
    return page(report) + "<!-- says: " + digest(page(report.timeless())) + " -->\n";
  }

  private static String page(RunReport report) {
    return Page.render(report, "###", LONGEST - LAST_LINE);
  }

  private static String digest(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no SHA-256", e); // every Java has it
    }
  }
}
