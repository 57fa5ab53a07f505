package io.github.flakeferry.report;

/** A run as Markdown for its summary page. */
public final class Summary {
  /** Chars, of at most 3 bytes each in UTF-8: GitHub takes 1 MiB. */
  static final int LONGEST = 300_000;

  /** Chars: GitHub takes 65,535 for a check. */
  static final int LONGEST_OF_CHECK = 65_000;

  private Summary() {}

  public static String render(RunReport report) {
    return Page.render(report, "##", LONGEST);
  }

  /** The same for the page of a check, which holds less. */
  public static String ofCheck(RunReport report) {
    return Page.render(report, "##", LONGEST_OF_CHECK);
  }
}
