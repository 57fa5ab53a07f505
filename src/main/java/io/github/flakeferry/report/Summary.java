package io.github.flakeferry.report;

/** A run as Markdown for its summary page. */
public final class Summary {
  /** Chars, of at most 3 bytes each in UTF-8: GitHub takes 1 MiB. */
  static final int LONGEST = 300_000;

  private Summary() {}

  public static String render(RunReport report) {
    return Page.render(report, "##", LONGEST);
  }
}
