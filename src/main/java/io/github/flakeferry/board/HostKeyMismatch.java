package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.HostKey;
import java.util.List;
import java.util.stream.Collectors;

/** Something else answered at a board's address, or the board has got a new key. */
public final class HostKeyMismatch extends BoardFailure {
  private final HostKey offered;
  private final List<HostKey> pinned;

  HostKeyMismatch(BoardAddress address, HostKey offered) {
    super(
        FailureCode.HOST_KEY,
        "%s is not the board that was pinned. It offered %s %s; pinned %s."
            .formatted(
                address,
                offered.type(),
                offered.fingerprint(),
                address.hostKeys().stream()
                    .map(key -> key.type() + " " + key.fingerprint())
                    .collect(Collectors.joining(", "))),
        """
        Somebody may be in between. If the board was set up anew, compare the fingerprint on its own console
        (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and pin this line: %s %s"""
            .formatted(known(address), offered));
    this.offered = offered;
    this.pinned = address.hostKeys();
  }

  // as in known_hosts
  private static String known(BoardAddress address) {
    return address.port() == 22
        ? address.host()
        : "[%s]:%d".formatted(address.host(), address.port());
  }

  public HostKey offered() {
    return offered;
  }

  public List<HostKey> pinned() {
    return pinned;
  }
}
