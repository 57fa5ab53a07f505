package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts a run's end into words. */
final class Ending {
  private static final int LOG_LINES = 10;
  private static final Set<BoardAction> PREVIEWS =
      EnumSet.of(BoardAction.TEST, BoardAction.GIVE_BACK);

  private Ending() {}

  /** What ran already is lent or given back: nothing but its lease has changed. */
  static Outcome outcome(Deployment deployment, RunState end, Optional<StorePath> before) {
    Outcome outcome = end.stage().outcome().orElse(Outcome.IN_DOUBT);
    return outcome == Outcome.DEPLOYED
            && PREVIEWS.contains(deployment.action())
            && before.isPresent()
            && before.equals(end.current())
        ? Outcome.UNCHANGED
        : outcome;
  }

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

  private static String lent(Deployment deployment) {
    return deployment
        .lease()
        .map(l -> "; lent to " + l.owner() + l.until().map(end -> " until " + end).orElse(""))
        .orElse("");
  }

  private static String headline(Deployment deployment, RunState end, Outcome outcome) {
    String reason = end.reason().isEmpty() ? "" : ": " + end.reason();
    return switch (outcome) {
      case DEPLOYED ->
          switch (deployment.action()) {
                case SWITCH -> "activated, confirmed and made the default";
                case TEST -> "activated and confirmed; the default is as it was" + lent(deployment);
                case BOOT -> "made the default from the next start on";
                case DRY_ACTIVATE -> "nothing was done";
                case GIVE_BACK -> "given back: it runs its profile's system";
              }
              + reason;
      case ROLLED_BACK -> "rolled back to the previous system" + reason;
      case REFUSED -> "nothing was activated" + reason;
      case SUPERSEDED -> "hands off" + reason;
      case BUSY -> "nothing was activated" + reason;
      case UNCHANGED ->
          switch (deployment.action()) {
            case TEST -> "it runs this system already" + lent(deployment);
            case GIVE_BACK -> "given back: it ran its profile's system already";
            case SWITCH, BOOT, DRY_ACTIVATE ->
                "nothing was done, this is what its activation would do" + reason;
          };
      case FAILED, DEFERRED, WAITING, IN_DOUBT, CANCELLED, SKIPPED -> end.stage().label() + reason;
    };
  }
}
