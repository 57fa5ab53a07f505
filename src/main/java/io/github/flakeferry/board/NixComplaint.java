package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PathInfo;
import java.util.List;
import java.util.stream.Collectors;

/** What the board's Nix said when it did not take a path. Nothing was activated. */
final class NixComplaint extends BoardFailure {
  private static final int NAMED = 5;

  private NixComplaint(FailureCode code, String message, String advice) {
    super(code, message, advice);
  }

  private static final String SIGN =
      "Sign what is deployed, and add the cache's public key to nix.settings.trusted-public-keys"
          + " of the board. Do not make the user trusted: that is as good as root.";

  static NixComplaint of(BoardName board, String words) {
    if (words.matches("(?s).*lacks a (valid )?signature.*")) {
      return new NixComplaint(FailureCode.SIGNATURE, taken(board, words), SIGN);
    }
    if (words.contains("No space left") || words.contains("disk is full")) {
      return new NixComplaint(
          FailureCode.BOARD_DISK_FULL,
          taken(board, words),
          "Make room on the board: nix-collect-garbage -d.");
    }
    return new NixComplaint(FailureCode.PATH_REFUSED, taken(board, words), "");
  }

  private static String taken(BoardName board, String words) {
    return "the Nix of " + board + " does not take it: " + words;
  }

  /**
   * What was to come from caches and did not.
   *
   * @param left what is missing, at least one
   * @param words what its Nix said; may be empty
   */
  static NixComplaint notFetched(BoardName board, List<PathInfo> left, String words) {
    String paths =
        left.stream().limit(NAMED).map(i -> i.path().toString()).collect(Collectors.joining(", "));
    String more = left.size() > NAMED ? " and " + (left.size() - NAMED) + " more" : "";
    String message =
        "%s got %d of its paths from no cache: %s%s%s"
            .formatted(board, left.size(), paths, more, words.isEmpty() ? "" : "\n" + words);
    if (words.contains("not signed by any of the keys")) {
      return new NixComplaint(FailureCode.SIGNATURE, message, SIGN);
    }
    if (words.contains("ignoring untrusted substituter")) {
      return new NixComplaint(
          FailureCode.CACHE_UNTRUSTED,
          message,
          "Add the cache to nix.settings.substituters or trusted-substituters of the board.");
    }
    return new NixComplaint(
        FailureCode.NOT_FETCHED,
        message,
        "Publish them first and see that the board reaches the cache, or say transfer: auto.");
  }
}
