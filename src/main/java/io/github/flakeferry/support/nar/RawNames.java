package io.github.flakeferry.support.nar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * File names as the bytes they are on disk. Java's own paths on Linux keep those bytes, but give
 * them out only decoded by the locale, which loses what does not decode. A path's URI has each byte
 * in percent form, so the bytes are taken from there when the text alone is not to be trusted.
 */
final class RawNames {
  private static final byte[] NONE = {};

  private RawNames() {}

  /** The bytes of a path's last part. */
  static byte[] name(Path path) {
    String text = path.toString();
    text = text.substring(text.lastIndexOf('/') + 1);
    if (isPlain(text)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    byte[] whole = bytes(path);
    int end = whole.length;
    if (whole[end - 1] == '/') { // a URI ends so when the path is a folder
      end--;
    }
    int start = end;
    while (whole[start - 1] != '/') {
      start--;
    }
    return Arrays.copyOfRange(whole, start, end);
  }

  /** The bytes that a symbolic link holds. */
  static byte[] target(Path link) throws IOException {
    Path target = Files.readSymbolicLink(link);
    String text = target.toString();
    if (isPlain(text)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    byte[] whole = bytes(target);
    // a relative target is a URI only once it hangs below this process's folder
    byte[] prefix = target.isAbsolute() ? NONE : bytes(Path.of("").toAbsolutePath());
    int start = prefix.length;
    if (start > 0 && prefix[start - 1] != '/') {
      start++;
    }
    int end = whole.length;
    if (whole[end - 1] == '/' && !text.endsWith("/")) {
      end--;
    }
    return Arrays.copyOfRange(whole, start, end);
  }

  // '?' is what some locales put in place of a byte that they can't decode
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || c > 127 || c == '?') {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(Path path) {
    String raw = path.toUri().getRawPath();
    var bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }
}
