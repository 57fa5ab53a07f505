package io.github.flakeferry.board;

import static java.util.Map.entry;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import java.util.List;
import java.util.Map;

/** Why a supervisor's run ended without success: by its state, and by the reason that it wrote. */
final class EndCode {
  /** What the board's scripts say, and what it means; the first that fits counts. */
  private static final Map<Outcome, List<Map.Entry<String, FailureCode>>> WORDS =
      Map.of(
          Outcome.ROLLED_BACK,
          List.of(
              entry("nobody confirmed it", FailureCode.NOT_CONFIRMED),
              entry("it is not healthy", FailureCode.NOT_HEALTHY),
              entry("the boot loader's installation", FailureCode.NO_DEFAULT),
              entry("the profile could not be set", FailureCode.NO_DEFAULT),
              entry("it could not be restarted", FailureCode.NO_DEFAULT),
              entry("its disk takes no writes", FailureCode.NO_DEFAULT),
              entry("the supervisor was killed", FailureCode.CUT_SHORT),
              entry("the board was restarted", FailureCode.CUT_SHORT),
              entry("the board came back from its restart", FailureCode.CUT_SHORT)),
          Outcome.REFUSED,
          List.of(
              entry(" carries no signature of ", FailureCode.SIGNATURE),
              entry(" is signed by a key that the board trusts", FailureCode.SIGNATURE),
              entry(" on the board names no key", FailureCode.SIGNATURE),
              entry(" is content-addressed", FailureCode.SIGNATURE),
              entry("it needs a reboot", FailureCode.NEEDS_RESTART)),
          Outcome.BUSY,
          List.of(
              entry("it has been lent", FailureCode.LENT), entry("it is lent", FailureCode.LENT)),
          Outcome.FAILED,
          List.of(
              entry("the activation of the previous system", FailureCode.NO_WAY_BACK),
              entry("the boot loader could not be put back", FailureCode.NO_WAY_BACK),
              entry("the default before is not known", FailureCode.NO_WAY_BACK),
              entry("the default before has been removed", FailureCode.NO_WAY_BACK),
              entry("the restart brought the same system again", FailureCode.NO_WAY_BACK)));

  private EndCode() {}

  /** All that is looked for in the words of the board's scripts. */
  static List<String> words() {
    return WORDS.values().stream().flatMap(List::stream).map(Map.Entry::getKey).toList();
  }

  /**
   * @param outcome one that is no success
   * @param reason in the supervisor's words
   */
  static FailureCode of(Outcome outcome, String reason) {
    return WORDS.getOrDefault(outcome, List.of()).stream()
        .filter(known -> reason.contains(known.getKey()))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElseGet(() -> others(outcome));
  }

  private static FailureCode others(Outcome outcome) {
    return switch (outcome) {
      case ROLLED_BACK -> FailureCode.ACTIVATION;
      case REFUSED -> FailureCode.NOT_ACTIVATED;
      case BUSY -> FailureCode.ACTIVATING;
      case SUPERSEDED -> FailureCode.SWITCHED;
      case FAILED -> FailureCode.NOT_BEGUN;
      case DEPLOYED, UNCHANGED, DEFERRED, WAITING, IN_DOUBT, CANCELLED, SKIPPED ->
          FailureCode.IN_DOUBT;
    };
  }
}
