package io.github.flakeferry.model;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The public half of a cache's key: {@code <name>:<base-64 of 32 bytes>}, as in {@code
 * trusted-public-keys}.
 */
public record PublicKey(String name, String base64) {
  // the fixed header of an ed25519 key in X.509 form (RFC 8410, section 4)
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

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
    try {
      byte[] raw = Base64.getDecoder().decode(base64);
      byte[] encoded = java.util.Arrays.copyOf(X509, X509.length + raw.length);
      System.arraycopy(raw, 0, encoded, X509.length, raw.length);
      var verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
      verifier.update(fingerprint.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return verifier.verify(Base64.getDecoder().decode(signature.base64()));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return name + ":" + base64;
  }
}
