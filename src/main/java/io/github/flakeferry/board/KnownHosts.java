package io.github.flakeferry.board;

import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.SearchPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The hosts that the user's own {@code ssh} knows (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"); {@code
 * ssh-keygen} reads the file, since names in it may be hashed.
 *
 * @param file {@code ~/.ssh/known_hosts}; may be missing
 */
public record KnownHosts(Path file) {
  /** Its keys there; none where there is no such file or no {@code ssh-keygen}. */
  public List<HostKey> of(String host, int port) throws IOException {
    if (!Files.isReadable(file) || SearchPath.OURS.find("ssh-keygen").isEmpty()) {
      return List.of();
    }
    String name = port == 22 ? host : "[%s]:%d".formatted(host, port);
    return Command.of("ssh-keygen", "-F", name, "-f", file.toString())
        .run()
        .output()
        .lines()
        .flatMap(line -> key(line).stream())
        .toList();
  }

  // neither comments nor what is marked: revoked keys, and those of authorities
  private static Optional<HostKey> key(String line) {
    try {
      return line.startsWith("#") || line.startsWith("@")
          ? Optional.empty()
          : Optional.of(HostKey.parse(line));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
