package io.github.flakeferry.forge.actions;

import io.github.flakeferry.support.progress.Progress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reports that did not get through: one warning for each cause, one for all permissions that are
 * missing, and a list for the summary.
 */
final class Losses {
  private final Progress log;
  private final Dialect dialect;
  private final Map<String, String> reports = new LinkedHashMap<>();
  private final Set<String> causes = new LinkedHashSet<>();
  private final Map<Kind, String> refusals = new EnumMap<>(Kind.class);
  private final Set<Kind> toldOf = EnumSet.noneOf(Kind.class);
  private boolean allGivenUp;

  Losses(Progress log, Dialect dialect) {
    this.log = log;
    this.dialect = dialect;
  }

  /** A report did not get through. */
  synchronized void lost(Report report) {
    if (report.kind().isMissed()) {
      reports.putIfAbsent(key(report), report.what());
    }
  }

  /** One got through, and makes up for earlier ones on the same. */
  synchronized void sent(Report report) {
    reports.remove(key(report));
  }

  private static String key(Report report) {
    return report.kind() + " " + report.subject();
  }

  /** Why: warned about once. */
  synchronized void because(String cause) {
    if (causes.add(cause)) {
      log.warn(cause);
    }
  }

  /** The token may not do that, so it need not be tried again. */
  synchronized void refused(Kind kind, String problem) {
    refusals.putIfAbsent(kind, problem);
  }

  synchronized void giveUpAll() {
    allGivenUp = true;
  }

  synchronized boolean isHopeless(Kind kind) {
    return allGivenUp || refusals.containsKey(kind);
  }

  /** Names all permissions that were missing, each once. */
  synchronized void tellRefusals() {
    List<Kind> untold = refusals.keySet().stream().filter(toldOf::add).toList();
    if (untold.isEmpty()) {
      return;
    }
    String told =
        "The token may not write %s (%s): %s."
            .formatted(
                untold.stream().map(Kind::many).collect(Collectors.joining(", ")),
                refusals.get(untold.getFirst()),
                dialect.remedy(untold));
    if (untold.stream().anyMatch(Kind::isMissed)) {
      because(told);
    } else {
      log.note(told);
    }
  }

  synchronized List<String> reports() {
    return new ArrayList<>(reports.values());
  }

  synchronized List<String> causes() {
    return new ArrayList<>(causes);
  }
}
