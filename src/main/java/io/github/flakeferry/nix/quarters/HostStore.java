package io.github.flakeferry.nix.quarters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store that outlives this container: what is built into it, others take for what it says it is.
 *
 * @param remote what {@code NIX_REMOTE} is to be, where a daemon outside is used
 * @param mount what of {@code /nix} was mounted
 */
public record HostStore(Optional<String> remote, Optional<String> mount) {
  private static final Path SOCKET = Path.of("/nix/var/nix/daemon-socket/socket");
  private static final String STORE = "/nix";
  private static final int MOUNT_POINT = 4;

  /** What this container was given. No daemon of its own listens at the usual place. */
  public static HostStore ofThisMachine(Map<String, String> environment) {
    return of(environment.getOrDefault("NIX_REMOTE", ""), Files.exists(SOCKET), mountInfo());
  }

  /**
   * The same, from what tells it.
   *
   * @param remote {@code NIX_REMOTE} as it is set
   * @param socket whether there is one where a daemon listens by default
   * @param mountInfo the lines of {@code /proc/self/mountinfo} (proc_pid_mountinfo(5))
   */
  static HostStore of(String remote, boolean socket, List<String> mountInfo) {
    boolean none = remote.isBlank() || remote.equals("auto") || remote.equals("local");
    Optional<String> daemon =
        none ? Optional.of("daemon").filter(_ -> socket) : Optional.of(remote.strip());
    return new HostStore(
        daemon,
        mountInfo.stream()
            .map(line -> line.split(" ", -1))
            .filter(fields -> fields.length > MOUNT_POINT)
            .map(fields -> fields[MOUNT_POINT])
            .filter(point -> point.equals(STORE) || point.startsWith(STORE + "/"))
            .sorted()
            .findFirst());
  }

  private static List<String> mountInfo() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo"));
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Which one it is, in words; empty where all that Nix has is this container's own. */
  public Optional<String> inWords() {
    return remote
        .map(r -> "a daemon outside of this container (NIX_REMOTE=" + r + ")")
        .or(() -> mount.map(m -> "a store that is mounted at " + m));
  }
}
