package io.github.flakeferry.testbed;

import io.github.flakeferry.model.HostKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a board has written: the upper folder of its overlay, and file systems of their own for
 * those folders that shall have a limited size. It outlives a power cut.
 *
 * @param folder the board's folder
 */
record Disk(Path folder) {
  /** The folders in a board that can have a limited size. */
  static final java.util.List<String> LIMITED = java.util.List.of("nix", "boot");

  /** As the boards' root has it: a user and a group. */
  private static final String DEPLOY_USER_ID = "1000:1000";

  /**
   * Makes it, with what makes this board itself: keys, address, identity.
   *
   * @param authorizedKey the public key that may log in, as one line
   * @return the board's own host key
   */
  HostKey make(BoardOptions options, String authorizedKey, String address) throws IOException {
    Files.createDirectories(folder.resolve("root"));
    limit("nix", options.storeMegabytes());
    limit("boot", options.bootMegabytes());
    Path etc = Files.createDirectories(folder.resolve("upper/etc"));
    Files.writeString(etc.resolve("board-address"), address + "\n");
    Files.writeString(
        etc.resolve("machine-id"), UUID.randomUUID().toString().replace("-", "") + "\n");
    Path hostKey = Files.createDirectories(etc.resolve("ssh")).resolve("ssh_host_ed25519_key");
    Tool.SSH_KEYGEN
        .command("-q", "-t", "ed25519", "-N", "", "-C", "board", "-f", hostKey.toString())
        .run()
        .orThrow();
    authorize(folder.resolve("upper/root"), authorizedKey);
    Path home = folder.resolve("upper/home/deploy");
    authorize(home, authorizedKey);
    Tool.CHOWN.command("-R", DEPLOY_USER_ID, home.toString()).run().orThrow();
    return HostKey.parse(Files.readString(Path.of(hostKey + ".pub")));
  }

  private void limit(String name, OptionalInt megabytes) throws IOException {
    if (megabytes.isPresent()) {
      Path place = Files.createDirectories(folder.resolve(name));
      Tool.MOUNT
          .command("-t", "tmpfs", "-o", "mode=755,size=" + megabytes.getAsInt() + "m")
          .and("tmpfs", place.toString())
          .run()
          .orThrow();
    }
  }

  private static void authorize(Path home, String key) throws IOException {
    Path ssh = Files.createDirectories(home.resolve(".ssh"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
    Path keys = Files.writeString(ssh.resolve("authorized_keys"), key);
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
  }
}
