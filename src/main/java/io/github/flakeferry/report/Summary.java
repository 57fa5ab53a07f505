package io.github.flakeferry.report;

/** A run as Markdown for a run's summary page. */
public final class Summary {
  private Summary() {}

  public static String render(RunReport report) {
    return report.headline();
  }
}
