package io.github.flakeferry.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A pinned SSH host key: {@code ssh-ed25519 AAAA…}, the form of {@code known_hosts} without its
 * first field (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
 */
public record HostKey(String type, String base64) {
  public HostKey {
    Base64.getDecoder().decode(base64);
  }

  /**
   * Reads {@code type base64 [comment]}, or a whole {@code known_hosts} line {@code host type
   * base64}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static HostKey parse(String text) {
    String[] fields = text.strip().split("\\s+");
    for (int i = 0; i + 1 < fields.length && i < 2; i++) {
      if (fields[i].matches("(ssh|ecdsa|sk)-[a-z0-9@.-]+") && fields[i + 1].startsWith("AAAA")) {
        return new HostKey(fields[i], fields[i + 1]);
      }
    }
    throw new IllegalArgumentException(
        "not a host key such as 'ssh-ed25519 AAAA…': '" + text + "'");
  }

  /** As {@code ssh-keygen -l} shows it: {@code SHA256:…}. */
  public String fingerprint() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(base64));
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return type + " " + base64;
  }
}
