package io.github.flakeferry.model;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A SHA-256 in the three ways Nix writes it: {@code sha256:<base-32 or hex>} and SRI, {@code
 * sha256-<base-64>}.
 */
public final class Sha256 {
  private static final int LENGTH = 32;
  private final byte[] bytes;

  private Sha256(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + bytes.length);
    }
    this.bytes = bytes;
  }

  /** The hash with these 32 bytes. */
  public static Sha256 of(byte[] bytes) {
    return new Sha256(bytes.clone());
  }

  /**
   * Reads any of the forms above.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static Sha256 parse(String text) {
    if (text.startsWith("sha256-")) {
      return new Sha256(Base64.getDecoder().decode(text.substring("sha256-".length())));
    }
    if (!text.startsWith("sha256:")) {
      throw new IllegalArgumentException("not a SHA-256 as Nix writes it: " + text);
    }
    String digits = text.substring("sha256:".length());
    return new Sha256(
        digits.length() == 2 * LENGTH
            ? HexFormat.of().parseHex(digits)
            : Base32.decode(digits, LENGTH));
  }

  /** The 52 digits alone. */
  public String base32() {
    return Base32.encode(bytes);
  }

  /** The 64 digits alone, lower case. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  /** As in a narinfo: {@code sha256:} and 52 digits. */
  @Override
  public String toString() {
    return "sha256:" + base32();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sha256 that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
