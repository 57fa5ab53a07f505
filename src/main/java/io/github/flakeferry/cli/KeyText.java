package io.github.flakeferry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keys as people keep them: as they are, or in base64, as some do with texts of several lines. The
 * two can't be taken for each other: each key has a character that base64 has not.
 */
final class KeyText {
  private KeyText() {}

  /**
   * A private key in OpenSSH's, PEM's or PuTTY's form.
   *
   * @throws BadInput if it is none; holds nothing of it
   */
  static String sshKey(String text) {
    return plain(text, t -> t.contains("-----BEGIN ") || t.startsWith("PuTTY-User-Key-File-"))
        .orElseThrow(
            () ->
                new BadInput(
                    "ssh-key",
                    "it is no private key, nor one in base64: a key begins with"
                        + " -----BEGIN OPENSSH PRIVATE KEY-----"));
  }

  /** {@code NAME:BASE64}; anything that is not, nor is that in base64, is given back. */
  static String signingKey(String text) {
    return plain(text, t -> t.contains(":")).orElse(text);
  }

  private static Optional<String> plain(String text, Predicate<String> isKey) {
    return isKey.test(text) ? Optional.of(text) : decoded(text).filter(isKey);
  }

  private static Optional<String> decoded(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text.replaceAll("\\s", ""));
      return Optional.of(new String(bytes, UTF_8).replace("\r\n", "\n").strip() + "\n");
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
