package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.FailureCode;

/**
 * A board that answers a question with a fault, or has an installed script that does not know it.
 */
final class NotTold {
  private NotTold() {}

  /**
   * What to throw.
   *
   * @param answer that ended with a fault
   * @param what was asked for, in the plural
   * @param code of another fault than an older script
   */
  static BoardFailure of(
      BoardName board,
      BoardScript.Call call,
      Connection.Answer answer,
      String what,
      FailureCode code) {
    String errors = Scripts.oneLine(answer.errors());
    return errors.contains("not understood: " + call.verb())
        ? new BoardFailure(
            FailureCode.OTHER_VERSION,
            "the flakeferry-board of %s is older than this program and tells no %s"
                .formatted(board, what),
            "Build the board's configuration with the module that `flakeferry init --board-module`"
                + " prints now, or log in as root.")
        : new BoardFailure(code, "%s does not tell its %s: %s".formatted(board, what, errors), "");
  }
}
