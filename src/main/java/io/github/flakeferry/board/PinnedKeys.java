package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;

/** Takes the pinned keys and no other, and keeps what was offered instead. */
final class PinnedKeys implements HostKeyVerifier {
  private final BoardAddress address;
  // written by sshj's own thread
  private volatile Optional<HostKey> refused = Optional.empty();

  PinnedKeys(BoardAddress address) {
    this.address = address;
  }

  @Override
  public boolean verify(String host, int port, PublicKey key) {
    HostKey offered = hostKey(key);
    boolean known =
        address.hostKeys().stream().anyMatch(pin -> pin.base64().equals(offered.base64()));
    if (!known) {
      refused = Optional.of(offered);
    }
    return known;
  }

  /** A key as {@code known_hosts} has it. */
  static HostKey hostKey(PublicKey key) {
    return new HostKey(
        KeyType.fromKey(key).toString(),
        Base64.getEncoder()
            .encodeToString(new Buffer.PlainBuffer().putPublicKey(key).getCompactData()));
  }

  /** Asked for first, so that a server with several keys shows the one that is pinned. */
  @Override
  public List<String> findExistingAlgorithms(String host, int port) {
    return address.hostKeys().stream()
        .map(HostKey::type)
        .flatMap(
            type ->
                type.equals("ssh-rsa")
                    ? List.of("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa").stream()
                    : List.of(type).stream())
        .distinct()
        .toList();
  }

  /** The key that was offered and is not pinned. */
  Optional<HostKey> refused() {
    return refused;
  }
}
