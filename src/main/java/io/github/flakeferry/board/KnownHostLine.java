package io.github.flakeferry.board;

import io.github.flakeferry.model.HostKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A line of {@code known_hosts} (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
 *
 * @param hosts patterns with commas between them, or the hash of one name
 */
record KnownHostLine(Kind kind, String hosts, HostKey key) {
  /** What its key is for. */
  enum Kind {
    HOST,
    /** It signs the keys of hosts. */
    AUTHORITY,
    REVOKED
  }

  /** Absent where it is a comment, or nothing that can be read. */
  static Optional<KnownHostLine> parse(String line) {
    List<String> fields = Arrays.asList(line.strip().split("[ \\t]+"));
    if (fields.getFirst().startsWith("#")) {
      return Optional.empty();
    }
    boolean marked = fields.getFirst().startsWith("@");
    int names = marked ? 1 : 0;
    if (fields.size() < names + 3) {
      return Optional.empty();
    }
    Optional<Kind> kind =
        switch (marked ? fields.getFirst() : "") {
          case "" -> Optional.of(Kind.HOST);
          case "@cert-authority" -> Optional.of(Kind.AUTHORITY);
          case "@revoked" -> Optional.of(Kind.REVOKED);
          default -> Optional.empty();
        };
    try {
      var key = new HostKey(fields.get(names + 1), fields.get(names + 2));
      return kind.map(k -> new KnownHostLine(k, fields.get(names), key));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether it is about a host.
   *
   * @param name in small letters, {@code [name]:port} where the port is not 22
   */
  boolean names(String name) {
    if (hosts.startsWith("|")) {
      return isHashOf(name);
    }
    boolean any = false;
    for (String pattern : hosts.split(",")) {
      boolean negated = pattern.startsWith("!");
      if (matches(negated ? pattern.substring(1) : pattern, name)) {
        if (negated) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  private static boolean matches(String pattern, String name) {
    String quoted =
        "\\Q"
            + pattern
                .toLowerCase(Locale.ROOT)
                .replace("\\E", "")
                .replace("*", "\\E.*\\Q")
                .replace("?", "\\E.\\Q")
            + "\\E";
    return Pattern.matches(quoted, name);
  }

  // |1|salt|HMAC-SHA1 of the name, both in base64
  private boolean isHashOf(String name) {
    String[] parts = hosts.split("\\|");
    if (parts.length != 4 || !parts[1].equals("1")) {
      return false;
    }
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
      return MessageDigest.isEqual(
          mac.doFinal(name.getBytes(StandardCharsets.UTF_8)), Base64.getDecoder().decode(parts[3]));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
