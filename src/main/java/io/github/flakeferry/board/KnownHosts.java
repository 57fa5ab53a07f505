package io.github.flakeferry.board;

import io.github.flakeferry.model.HostKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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
  public sealed interface Standing {
    /** It is the host's. */
    record Known() implements Standing {}

    /** It is to be taken from nobody any more. */
    record Revoked() implements Standing {}

    /** The host has another one of this type. */
    record Other() implements Standing {}

    /**
     * The host has keys, and none of this type.
     *
     * @param types of those, such as {@code ssh-rsa}, sorted
     */
    record OtherKind(List<String> types) implements Standing {
      public OtherKind {
        types = List.copyOf(types);
      }
    }

    /** Nothing. */
    record New() implements Standing {}
  }

  /**
   * What they say. A certificate is not asked for, so the keys of authorities prove nothing here.
   *
   * @param host IPv6 without brackets
   */
  public Standing of(String host, int port, HostKey shown) throws IOException {
    String plain = host.toLowerCase(Locale.ROOT);
    String name = port == SSH ? plain : "[%s]:%d".formatted(plain, port);
    List<KnownHostLine> lines = lines();
    // wider than in ssh: what is revoked without the port is revoked with it
    if (keys(lines, KnownHostLine.Kind.REVOKED, name, plain).anyMatch(key -> same(key, shown))) {
      return new Standing.Revoked();
    }
    List<HostKey> here = keys(lines, KnownHostLine.Kind.HOST, name).toList();
    // as ssh does, which looks for the host without its port only where it has no key with it
    return here.isEmpty()
            && keys(lines, KnownHostLine.Kind.HOST, plain).anyMatch(key -> same(key, shown))
        ? new Standing.Known()
        : among(here, shown);
  }

  private static Standing among(List<HostKey> keys, HostKey shown) {
    if (keys.isEmpty()) {
      return new Standing.New();
    }
    if (keys.stream().anyMatch(key -> same(key, shown))) {
      return new Standing.Known();
    }
    return keys.stream().anyMatch(key -> key.type().equals(shown.type()))
        ? new Standing.Other()
        : new Standing.OtherKind(keys.stream().map(HostKey::type).distinct().sorted().toList());
  }

  private static Stream<HostKey> keys(
      List<KnownHostLine> lines, KnownHostLine.Kind kind, String... names) {
    return lines.stream()
        .filter(line -> line.kind() == kind && Stream.of(names).anyMatch(line::names))
        .map(KnownHostLine::key);
  }

  private static boolean same(HostKey key, HostKey shown) {
    return key.base64().equals(shown.base64());
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
