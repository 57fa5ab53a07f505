package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** How a run ended, in a few words that fit a heading and a commit status. */
public final class Headline {
  private Headline() {}

  /** "2 boards deployed, 1 board rolled back". */
  public static String of(List<BoardResult> results) {
    var counts = new LinkedHashMap<String, Integer>();
    results.stream()
        .sorted((a, b) -> a.outcome().compareTo(b.outcome()))
        .forEach(r -> counts.merge(outcome(r), 1, Integer::sum));
    return counts.isEmpty()
        ? "nothing to do"
        : counts.entrySet().stream()
            .map(e -> told(e.getValue(), e.getKey()))
            .collect(Collectors.joining(", "));
  }

  // which board it will be is not known yet
  private static String told(int count, String outcome) {
    if (outcome.equals(Outcome.WAITING.label())) {
      return count == 1 ? "waits for a board" : "waits for " + count + " boards";
    }
    return count + (count == 1 ? " board " : " boards ") + outcome;
  }

  /** "build failed". */
  public static String of(Failure failure) {
    return of(failure.reason());
  }

  static String of(FailureReason reason) {
    return reason.label().replace('-', ' ');
  }

  /** What became of a board: its outcome, in the words of what was asked for. */
  static String outcome(BoardResult result) {
    return result.action() == BoardAction.GIVE_BACK && result.outcome().reached()
        ? "given back"
        : result.outcome().label();
  }
}
