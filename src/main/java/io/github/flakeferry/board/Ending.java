package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Puts a run's end into words. */
final class Ending {
  private static final int LOG_LINES = 10;

  private Ending() {}

  static String describe(Deployment deployment, RunState end, Outcome outcome, Follow follow) {
    var lines = new ArrayList<String>();
    lines.add(headline(deployment, end, outcome));
    if (outcome == Outcome.ROLLED_BACK) {
      follow
          .notAcknowledged()
          .ifPresent(why -> lines.add("No new connection could confirm it: " + why));
    }
    if (outcome == Outcome.REFUSED) {
      SignatureAdvice.of(deployment, end.reason()).ifPresent(lines::add);
    }
    if (!outcome.reached() || deployment.action() == BoardAction.DRY_ACTIVATE) {
      List<String> said =
          follow.lastLines().stream().filter(line -> !line.startsWith("flakeferry: ")).toList();
      if (!said.isEmpty()) {
        lines.add("It said last:");
        said.subList(Math.max(0, said.size() - LOG_LINES), said.size())
            .forEach(line -> lines.add("  " + line));
      }
    }
    return String.join("\n", lines);
  }

  private static String headline(Deployment deployment, RunState end, Outcome outcome) {
    String reason = end.reason().isEmpty() ? "" : ": " + end.reason();
    return switch (outcome) {
      case DEPLOYED ->
          switch (deployment.action()) {
                case SWITCH -> "activated, confirmed and made the default";
                case TEST -> "activated and confirmed; the default is as it was";
                case BOOT -> "made the default from the next start on";
                case DRY_ACTIVATE -> "nothing was done";
                case GIVE_BACK -> "given back: it runs its profile's system";
              }
              + reason;
      case ROLLED_BACK -> "rolled back to the previous system" + reason;
      case REFUSED -> "nothing was activated" + reason;
      case SUPERSEDED -> "hands off" + reason;
      case BUSY -> "nothing was activated" + reason;
      case UNCHANGED -> "nothing was done, this is what its activation would do" + reason;
      case FAILED, DEFERRED, IN_DOUBT, CANCELLED, SKIPPED -> end.stage().label() + reason;
    };
  }
}
