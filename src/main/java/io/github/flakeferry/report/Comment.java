package io.github.flakeferry.report;

/** A run as Markdown for a pull request's comment. */
public final class Comment {
  /** Chars; GitHub takes 65,536, and its marker must fit in, too. */
  static final int LONGEST = 63_000;

  private Comment() {}

  public static String render(RunReport report) {
    return Page.render(report, "###", LONGEST);
  }
}
