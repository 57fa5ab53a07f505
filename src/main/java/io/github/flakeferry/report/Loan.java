package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.support.Words;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A board that is lent to a pull request.
 *
 * @param until when it is taken back; absent: when the pull request is closed
 */
public record Loan(BoardName board, BoardAddress address, Optional<Instant> until) {
  private static final int SSH = 22;

  /** How to log in, for a shell: {@code ssh -J gate.example -p 2222 root@board.lan}. */
  public String login() {
    var command = new StringBuilder("ssh");
    if (!address.jumps().isEmpty()) {
      command
          .append(" -J ")
          .append(
              Words.forShell(
                  address.jumps().stream().map(Object::toString).collect(Collectors.joining(","))));
    }
    if (address.port() != SSH) {
      command.append(" -p ").append(address.port());
    }
    return command
        .append(' ')
        .append(Words.forShell(address.user() + "@" + address.host()))
        .toString();
  }
}
