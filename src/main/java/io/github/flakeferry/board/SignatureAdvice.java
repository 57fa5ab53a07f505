package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What helps when the supervisor has refused a system for its signatures. Most often the board had
 * the path before a key signed anything: a path that is there is not sent again, and so stays
 * unsigned. Nix takes a signature for such a path from any user ({@code nix store copy-sigs}): it
 * proves itself.
 */
final class SignatureAdvice {
  private static final String NIX = "nix --extra-experimental-features nix-command store ";

  private SignatureAdvice() {}

  /**
   * What to do, with the line that does it.
   *
   * @param reason why it was refused, in the board's words
   * @return empty if it was for something else
   */
  static Optional<String> of(Deployment deployment, String reason) {
    boolean ofSystem = reason.contains(" carries no signature of ");
    if (!(deployment.wanted() instanceof Wanted.Incoming incoming)
        || incoming.signers().isEmpty()
        || !(ofSystem || reason.contains(" is signed by a key that the board trusts"))) {
      return Optional.empty();
    }
    List<String> named = List.of(reason.split(" "));
    if (ofSystem && incoming.signers().stream().map(PublicKey::name).noneMatch(named::contains)) {
      return Optional.of(
          "Sign with that key, or have the board's configuration name yours: the module that"
              + " `flakeferry init --board-module` prints does.");
    }
    return Optional.of(
        "It has had this path since before the path was signed, and what a board has is not sent"
            + " again. Give it the signatures, from "
            + (incoming.caches().isEmpty()
                ? "the machine that built it, with the file of the signing key:"
                : "any machine that reaches both:")
            + "\n  "
            + line(deployment.address(), incoming));
  }

  private static String line(BoardAddress board, Wanted.Incoming incoming) {
    String path = " --recursive " + incoming.system();
    String copy = options(board) + NIX + "copy-sigs --store " + url(board);
    return incoming.caches().isEmpty()
        ? NIX + "sign --key-file KEY-FILE" + path + " && " + copy + " -s auto" + path
        : copy + " -s " + Scripts.quoted(incoming.caches().getFirst().toString()) + path;
  }

  // Nix takes no port in such a URL
  private static String url(BoardAddress board) {
    return "ssh-ng://"
        + board.user()
        + "@"
        + (board.host().contains(":") ? "[" + board.host() + "]" : board.host());
  }

  private static String options(BoardAddress board) {
    String jumps =
        board.jumps().isEmpty()
            ? ""
            : " -J "
                + board.jumps().stream()
                    .map(BoardAddress::toString)
                    .collect(Collectors.joining(","));
    String all = ((board.port() == 22 ? "" : "-p " + board.port()) + jumps).strip();
    return all.isEmpty() ? "" : "NIX_SSHOPTS=" + Scripts.quoted(all) + " ";
  }
}
