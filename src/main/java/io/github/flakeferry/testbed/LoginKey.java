package io.github.flakeferry.testbed;

import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SshKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The key that logs in on the boards of one test bed.
 *
 * @param file its private half
 */
record LoginKey(Path file) {
  private static final String NAME = "id_ed25519";

  static LoginKey make(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    Tool.SSH_KEYGEN
        .command("-q", "-t", "ed25519", "-N", "", "-C", "testbed", "-f", file.toString())
        .run()
        .orThrow();
    return new LoginKey(file);
  }

  String publicLine() throws IOException {
    return Files.readString(Path.of(file + ".pub"));
  }

  SshKey key() {
    try {
      return new SshKey(new Secret(Files.readString(file)), Optional.empty());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A copy that lives as long as the board's folder does. */
  void copyTo(Path folder) throws IOException {
    Files.copy(
        file,
        folder.resolve(NAME),
        StandardCopyOption.COPY_ATTRIBUTES,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** What logs in on a board that was kept. */
  static String command(Slot slot, HostKey hostKey) throws IOException {
    Path known = slot.folder().resolve("known_hosts");
    Files.writeString(known, slot.boardAddress() + " " + hostKey + "\n");
    return "ssh -i %s -o IdentitiesOnly=yes -o UserKnownHostsFile=%s root@%s"
        .formatted(slot.folder().resolve(NAME), known, slot.boardAddress());
  }
}
