package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.model.HostKey;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host key that the user has named beforehand.
 *
 * @param fingerprint {@code SHA256:…}
 */
public record NamedKey(String fingerprint) {
  // 32 bytes in base64, whether or not it is padded
  private static final Pattern FINGERPRINT =
      Pattern.compile("(?<!\\S)(SHA256:[A-Za-z0-9+/]{43})=?(?!\\S)");

  /** A key begins with the length of its type's name, so with zeros (RFC 4253, section 6.6). */
  private static final Pattern KEY = Pattern.compile("(?<!\\S)AAAA[A-Za-z0-9+/]{40,}={0,2}(?!\\S)");

  /**
   * Finds the key, or its fingerprint, in what was typed or pasted: a line of {@code ssh-keygen
   * -l}, of {@code known_hosts} or of a {@code .pub} file; absent where there is neither.
   */
  public static Optional<NamedKey> parse(String text) {
    Matcher fingerprint = FINGERPRINT.matcher(text);
    if (fingerprint.find()) {
      return Optional.of(new NamedKey(fingerprint.group(1)));
    }
    Matcher key = KEY.matcher(text);
    try {
      return key.find()
          ? Optional.of(new NamedKey(new HostKey("", key.group()).fingerprint()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      // no base64
      return Optional.empty();
    }
  }

  boolean names(HostKey key) {
    return fingerprint.equals(key.fingerprint());
  }
}
