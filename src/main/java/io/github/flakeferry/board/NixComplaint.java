package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Outcome;

/** What the board's Nix said when it did not take a path. Nothing was activated. */
final class NixComplaint extends BoardFailure {
  private NixComplaint(Outcome outcome, BoardName board, String words, String advice) {
    super(outcome, "the Nix of " + board + " does not take it: " + words, advice);
  }

  static NixComplaint of(BoardName board, String words) {
    if (words.matches("(?s).*lacks a (valid )?signature.*")) {
      return new NixComplaint(
          Outcome.REFUSED,
          board,
          words,
          "Sign what is deployed, and add the cache's public key to nix.settings.trusted-public-keys"
              + " of the board. Do not make the user trusted: that is as good as root.");
    }
    if (words.contains("No space left") || words.contains("disk is full")) {
      return new NixComplaint(
          Outcome.FAILED, board, words, "Make room on the board: nix-collect-garbage -d.");
    }
    return new NixComplaint(Outcome.FAILED, board, words, "");
  }
}
