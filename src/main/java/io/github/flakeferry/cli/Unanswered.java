package io.github.flakeferry.cli;

import io.github.flakeferry.model.FailureReason;
import java.util.List;
import java.util.stream.Stream;

/** Boards that did not answer a question of ours. */
final class Unanswered {
  private Unanswered() {}

  /**
   * 0 when all answered; a board that must not be asked weighs more than one that is offline.
   *
   * @param reasons of those that did not
   */
  static int exitCode(Stream<FailureReason> reasons) {
    List<FailureReason> all = reasons.toList();
    if (all.isEmpty()) {
      return 0;
    }
    return (all.contains(FailureReason.REFUSED)
            ? FailureReason.REFUSED
            : FailureReason.DEPLOY_FAILED)
        .exitCode();
  }
}
