package io.github.flakeferry.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * The public half of a cache's key: {@code <name>:<base-64 of 32 bytes>}, as in {@code
 * trusted-public-keys}.
 */
public record PublicKey(String name, String base64) {
  public PublicKey {
    if (name.isEmpty() || name.contains(":") || name.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("not the name of a key: '" + name + "'");
    }
    int length = Base64.getDecoder().decode(base64).length;
    if (length != 32) {
      throw new IllegalArgumentException(
          "the public key '" + name + "' has " + length + " bytes, not 32");
    }
  }

  /**
   * Reads {@code name:base64}.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  public static PublicKey parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not a public key such as cache-1:…=: '" + text + "'");
    }
    return new PublicKey(text.substring(0, colon), text.substring(colon + 1));
  }

  /** Whether one of the path's signatures is by this key and right. */
  public boolean hasSigned(PathInfo info) {
    return info.signatures().stream()
        .anyMatch(s -> s.keyName().equals(name) && verifies(s, info.fingerprint()));
  }

  private boolean verifies(PathSignature signature, String fingerprint) {
    var verifier = new Ed25519Signer();
    try {
      verifier.init(false, new Ed25519PublicKeyParameters(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException e) {
      return false; // 32 bytes that are no key
    }
    byte[] message = fingerprint.getBytes(UTF_8);
    verifier.update(message, 0, message.length);
    return verifier.verifySignature(Base64.getDecoder().decode(signature.base64()));
  }

  @Override
  public String toString() {
    return name + ":" + base64;
  }
}
