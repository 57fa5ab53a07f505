package io.github.flakeferry.report;

import io.github.flakeferry.model.ClosureDifference;
import java.util.List;

/** What changed between two systems, as lines for a terminal. */
public final class ChangesText {
  private ChangesText() {}

  public static List<String> lines(ClosureDifference difference) {
    return difference.changes().stream().map(ClosureDifference.Change::name).toList();
  }
}
