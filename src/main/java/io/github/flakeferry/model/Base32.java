package io.github.flakeferry.model;

import java.math.BigInteger;

/**
 * Nix's own base-32: the alphabet lacks e, o, u and t, and the digits run from the most significant
 * bit of a little-endian number (Nix manual, "Store path", and {@code printHash32} in libutil).
 */
final class Base32 {
  static final String ALPHABET = "0123456789abcdfghijklmnpqrsvwxyz";

  private Base32() {}

  /** Encodes bytes as {@code ceil(8 n / 5)} characters. */
  static String encode(byte[] bytes) {
    int length = (bytes.length * 8 - 1) / 5 + 1;
    var text = new StringBuilder(length);
    for (int n = length - 1; n >= 0; n--) {
      int bit = n * 5;
      int index = bit / 8;
      int shift = bit % 8;
      int low = (bytes[index] & 0xff) >> shift;
      int high = index + 1 < bytes.length ? (bytes[index + 1] & 0xff) << (8 - shift) : 0;
      text.append(ALPHABET.charAt((low | high) & 0x1f));
    }
    return text.toString();
  }

  /**
   * Decodes {@code length} bytes.
   *
   * @throws IllegalArgumentException if a character or the length does not fit
   */
  static byte[] decode(String text, int length) {
    if (text.length() != (length * 8 - 1) / 5 + 1) {
      throw new IllegalArgumentException("not " + length + " bytes in Nix's base-32: " + text);
    }
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = ALPHABET.indexOf(c);
      if (digit < 0) {
        throw new IllegalArgumentException("'" + c + "' is not a digit of Nix's base-32: " + text);
      }
      number = number.shiftLeft(5).or(BigInteger.valueOf(digit));
    }
    if (number.bitLength() > length * 8) {
      throw new IllegalArgumentException("not " + length + " bytes in Nix's base-32: " + text);
    }
    byte[] bytes = new byte[length];
    byte[] bigEndian = number.toByteArray();
    for (int i = 0; i < Math.min(length, bigEndian.length); i++) {
      bytes[i] = bigEndian[bigEndian.length - 1 - i];
    }
    return bytes;
  }
}
