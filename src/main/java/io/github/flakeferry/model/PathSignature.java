package io.github.flakeferry.model;

import java.util.Base64;

/**
 * A signature of a store path's fingerprint: {@code <key name>:<base-64 of 64 bytes>}, as in the
 * {@code Sig} line of a narinfo.
 */
public record PathSignature(String keyName, String base64) {
  public PathSignature {
    if (keyName.isEmpty() || keyName.contains(":") || keyName.contains(" ")) {
      throw new IllegalArgumentException("not the name of a key: '" + keyName + "'");
    }
    if (Base64.getDecoder().decode(base64).length != 64) {
      throw new IllegalArgumentException("not an ed25519 signature: '" + base64 + "'");
    }
  }

  /**
   * Reads {@code name:base64}.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  public static PathSignature parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not a signature: '" + text + "'");
    }
    return new PathSignature(text.substring(0, colon), text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return keyName + ":" + base64;
  }
}
