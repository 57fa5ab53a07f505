package io.github.flakeferry.report;

import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.ClosureDifference.Change;
import io.github.flakeferry.support.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What changed between two systems, as lines for a terminal. */
public final class ChangesText {
  private ChangesText() {}

  /** A line for each package, {@code hello: 1.0 → 1.1, +12.3 KiB}, and one for the whole. */
  public static List<String> lines(ClosureDifference difference) {
    var lines = new ArrayList<String>();
    difference.changes().forEach(change -> lines.add(line(change)));
    lines.add(total(difference));
    return lines;
  }

  /** {@code 3 packages, +12.3 KiB}. */
  static String inShort(ClosureDifference difference) {
    return Words.count(difference.changes().size(), "package")
        + ", "
        + signed(difference.newBytes() - difference.oldBytes());
  }

  static String line(Change change) {
    String name = Words.printableLine(change.name());
    String what =
        switch (change.kind()) {
          case ADDED -> "added" + change.newVersion().map(v -> " " + clean(v)).orElse("");
          case REMOVED -> "removed" + change.oldVersion().map(v -> " " + clean(v)).orElse("");
          case REBUILT -> "rebuilt" + change.newVersion().map(v -> ", " + clean(v)).orElse("");
          case UPGRADED -> version(change.oldVersion()) + " → " + version(change.newVersion());
          case DOWNGRADED ->
              version(change.oldVersion()) + " → " + version(change.newVersion()) + " (downgraded)";
        };
    return name + ": " + what + (change.sizeDelta() == 0 ? "" : ", " + signed(change.sizeDelta()));
  }

  private static String total(ClosureDifference difference) {
    return difference.isEmpty()
        ? "nothing changed"
        : "in all "
            + signed(difference.newBytes() - difference.oldBytes())
            + ", now "
            + Words.bytes(difference.newBytes());
  }

  private static String version(Optional<String> version) {
    return version.map(ChangesText::clean).orElse("no version");
  }

  private static String clean(String version) {
    return Words.printableLine(version);
  }

  private static String signed(long bytes) {
    return bytes == 0 ? "same size" : (bytes > 0 ? "+" : "−") + Words.bytes(Math.abs(bytes));
  }
}
