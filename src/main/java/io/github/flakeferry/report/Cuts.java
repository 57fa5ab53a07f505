package io.github.flakeferry.report;

import java.util.ArrayList;
import java.util.List;

/** Counts what a page had no room for. */
final class Cuts {
  int lists;
  int logs;
  int texts;
  int folds;
  int rows;
  int reasons;
  int warnings;

  /** A paragraph that says so; empty where nothing was cut. */
  String note() {
    var cuts = new ArrayList<String>();
    add(cuts, lists, "list of changes", "lists of changes", "shortened");
    add(cuts, logs, "log", "logs", "shortened to the last lines");
    add(cuts, texts, "text", "texts", "shortened");
    add(cuts, folds, "folded section", "folded sections", "left out");
    add(cuts, rows, "board of the table", "boards of the table", "left out");
    add(cuts, reasons, "reason", "reasons", "left out");
    add(cuts, warnings, "warning", "warnings", "left out");
    return cuts.isEmpty() ? "" : "**Cut to fit:** " + String.join("; ", cuts) + ".\n\n";
  }

  private static void add(List<String> to, int count, String one, String many, String what) {
    if (count > 0) {
      to.add("%d %s %s".formatted(count, count == 1 ? one : many, what));
    }
  }
}
