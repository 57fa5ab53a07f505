package io.github.flakeferry.report;

/** A run as JSON, for programs: the action's {@code results} output. */
public final class ResultsJson {
  private ResultsJson() {}

  public static String render(RunReport report) {
    return report.headline();
  }
}
