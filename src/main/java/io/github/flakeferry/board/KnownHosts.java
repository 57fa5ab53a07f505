package io.github.flakeferry.board;

import io.github.flakeferry.model.HostKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The hosts that the user's own {@code ssh} knows (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
 *
 * @param files {@code ~/.ssh/known_hosts} and the machine's; may be missing
 */
public record KnownHosts(List<Path> files) {
  private static final int SSH = 22;

  public KnownHosts {
    files = List.copyOf(files);
  }

  /** What the files say of a key that a host shows. */
  public enum Standing {
    /** It is the host's. */
    KNOWN,
    /** It is to be taken from nobody any more. */
    REVOKED,
    /** The host has another one of this type. */
    OTHER,
    /** Nothing. */
    NEW
  }

  /**
   * What they say. A certificate is not asked for, so the keys of authorities prove nothing here.
   *
   * @param host IPv6 without brackets
   */
  public Standing of(String host, int port, HostKey shown) throws IOException {
    String plain = host.toLowerCase(Locale.ROOT);
    String name = port == SSH ? plain : "[%s]:%d".formatted(plain, port);
    var standing = Standing.NEW;
    for (KnownHostLine line : lines()) {
      boolean here = line.names(name);
      // as ssh does, which looks for the host without its port, too
      boolean same = line.key().base64().equals(shown.base64()) && (here || line.names(plain));
      if (same && line.kind() == KnownHostLine.Kind.REVOKED) {
        return Standing.REVOKED;
      }
      if (line.kind() != KnownHostLine.Kind.HOST) {
        continue;
      }
      if (same) {
        standing = Standing.KNOWN;
      } else if (here && line.key().type().equals(shown.type()) && standing == Standing.NEW) {
        standing = Standing.OTHER;
      }
    }
    return standing;
  }

  private List<KnownHostLine> lines() throws IOException {
    var lines = new ArrayList<KnownHostLine>();
    for (Path file : files) {
      if (Files.isReadable(file)) {
        // a name or a comment in another encoding is none that we look for
        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
            .lines()
            .forEach(line -> KnownHostLine.parse(line).ifPresent(lines::add));
      }
    }
    return lines;
  }
}
