package io.github.flakeferry.report;

/** A run as Markdown for a pull request's comment. */
public final class Comment {
  private Comment() {}

  public static String render(RunReport report) {
    return report.headline();
  }
}
