package io.github.flakeferry.board;

import io.github.flakeferry.model.SshIdentity;
import java.util.Optional;

/** What a board must know of the key that logs in. */
public final class PublicHalf {
  private PublicHalf() {}

  /**
   * A line for {@code authorized_keys} (sshd(8)), without a comment; empty if an agent holds
   * several keys.
   *
   * @throws io.github.flakeferry.model.Failure if there is no key to be had
   */
  public static Optional<String> of(SshIdentity identity) {
    return Login.of(identity).authorizedKey();
  }
}
