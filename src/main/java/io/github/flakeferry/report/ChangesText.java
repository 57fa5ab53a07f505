package io.github.flakeferry.report;

import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.ClosureDifference.Change;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.support.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What changed between two systems, as lines of text. */
public final class ChangesText {
  private ChangesText() {}

  /**
   * A line for each package, {@code hello: 1.0 → 1.1, +12.3 KiB}, and one for the whole. The kernel
   * comes first, what was only rebuilt last.
   */
  public static List<String> lines(ClosureDifference difference) {
    var lines = new ArrayList<String>();
    difference.changes().stream()
        .sorted(
            Comparator.comparing((Change change) -> !difference.isKernel(change))
                .thenComparing(Change::kind, Comparator.comparingInt(ChangesText::rank)))
        .forEach(change -> lines.add(line(change, difference.isKernel(change))));
    lines.add(total(difference));
    return lines;
  }

  /** A line for each kind of change, {@code restarted: hello.service, sshd.service}. */
  public static List<String> lines(UnitChanges units) {
    var lines = new ArrayList<String>();
    names(lines, "restarted: ", units.restarted());
    names(lines, "reloaded: ", units.reloaded());
    names(lines, "started: ", units.started());
    names(lines, "stopped: ", units.stopped());
    names(lines, "changed, but not restarted: ", units.kept());
    return lines;
  }

  /** {@code 3 packages, the kernel among them, +12.3 KiB; 2 units restarted}. */
  public static String inShort(ClosureDifference difference, UnitChanges units) {
    int restarted = units.restarted().size();
    return Words.count(difference.changes().size(), "package")
        + (difference.changes().stream().anyMatch(difference::isKernel)
            ? ", the kernel among them"
            : "")
        + ", "
        + signed(difference.newBytes() - difference.oldBytes())
        + (restarted == 0 ? "" : "; " + Words.count(restarted, "unit") + " restarted");
  }

  private static int rank(ClosureDifference.Kind kind) {
    return switch (kind) {
      case UPGRADED -> 0;
      case DOWNGRADED -> 1;
      case ADDED -> 2;
      case REMOVED -> 3;
      case REBUILT -> 4;
    };
  }

  private static void names(List<String> lines, String what, List<String> names) {
    if (!names.isEmpty()) {
      lines.add(what + String.join(", ", names.stream().map(Words::printableLine).toList()));
    }
  }

  private static String line(Change change, boolean kernel) {
    String name = Words.printableLine(change.name()) + (kernel ? " (kernel)" : "");
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
