package io.github.flakeferry.cli;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.model.SshKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a user keeps at home, where {@code ssh} and others look for it. */
final class Home {
  // ssh(1), -i
  private static final List<String> KEYS = List.of("id_rsa", "id_ecdsa", "id_ed25519");

  private final Path folder;
  private final Path settings;

  Home(Map<String, String> environment) {
    folder = Path.of(environment.getOrDefault("HOME", "/root"));
    settings =
        Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
            .filter(text -> !text.isBlank())
            .map(Path::of)
            .orElseGet(() -> folder.resolve(".config"));
  }

  /** The hosts that {@code ssh} knows (ssh_config(5), {@code UserKnownHostsFile} and its kin). */
  List<Path> knownHosts() {
    Path own = folder.resolve(".ssh");
    Path all = Path.of("/etc/ssh");
    return List.of(
        own.resolve("known_hosts"),
        own.resolve("known_hosts2"),
        all.resolve("ssh_known_hosts"),
        all.resolve("ssh_known_hosts2"));
  }

  /** The usual folder for what the runs of a repository log in and sign with. */
  Path keys(String repository) {
    return settings.resolve("flakeferry").resolve(repository);
  }

  /** The key that {@code ssh} itself would take, where there is one; it may need a passphrase. */
  Optional<SshIdentity> login() {
    return KEYS.reversed().stream()
        .map(name -> folder.resolve(".ssh").resolve(name))
        .filter(Files::isReadable)
        .findFirst()
        .map(Home::key);
  }

  private static SshIdentity key(Path file) {
    try {
      return new SshKey(new Secret(Files.readString(file)), Optional.empty());
    } catch (IOException e) {
      throw new BadInput("ssh-key", "the file " + file + " can't be read: " + e.getMessage());
    }
  }
}
