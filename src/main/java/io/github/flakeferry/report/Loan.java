package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A board that is lent to a pull request.
 *
 * @param until when it is taken back; absent: when the pull request is closed
 */
public record Loan(BoardName board, BoardAddress address, Optional<Instant> until) {
  private static final int SSH = 22;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%:.,_/-]+");

  /** How to log in, for a shell: {@code ssh -J gate.example -p 2222 root@board.lan}. */
  public String login() {
    var command = new StringBuilder("ssh");
    if (!address.jumps().isEmpty()) {
      command
          .append(" -J ")
          .append(
              quoted(
                  address.jumps().stream().map(Object::toString).collect(Collectors.joining(","))));
    }
    if (address.port() != SSH) {
      command.append(" -p ").append(address.port());
    }
    return command.append(' ').append(quoted(address.user() + "@" + address.host())).toString();
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
