package io.github.flakeferry.nix.quarters;

import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a job mounts into its container, shut to all but root and its owner while builds run: a
 * workspace has the token with which it was checked out, a home the logins of other steps, and
 * {@code /run} the Docker socket. Where a mount lies in a folder of the container's own, that one
 * is shut and nothing outside is changed. {@link #close} opens all again.
 */
public final class Doors implements AutoCloseable {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  /** Folders of a job (GitHub docs, "Variables reference"). */
  private static final List<String> FOLDERS = List.of("GITHUB_WORKSPACE", "HOME", "RUNNER_TEMP");

  /** Files that lie in such folders. */
  private static final List<String> FILES =
      List.of(
          "GITHUB_EVENT_PATH",
          "GITHUB_ENV",
          "GITHUB_OUTPUT",
          "GITHUB_PATH",
          "GITHUB_STATE",
          "GITHUB_STEP_SUMMARY",
          "SSH_AUTH_SOCK");

  private static final Path RUN = Path.of("/run");
  private static final Path NETRC = Path.of("/etc/nix/netrc");

  // the names at the root that a system has itself (hier(7)), which builds need
  private static final Set<String> SYSTEM =
      Set.of(
          "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "nix", "opt", "proc",
          "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var");

  private final Map<Path, Set<PosixFilePermission>> before = new LinkedHashMap<>();

  private Doors() {}

  /**
   * Shuts them, where there are users of their own for what comes from a flake; else nothing is
   * done.
   *
   * @param environment the job's variables
   * @param progress gets a warning for what can't be shut
   */
  public static Doors shut(Map<String, String> environment, Progress progress) {
    var doors = new Doors();
    if (Lodger.ofThisMachine().isPresent()) {
      doors(environment).forEach(path -> doors.shut(path, progress));
    }
    return doors;
  }

  /** What is shut for these variables, whether it exists or not. */
  static Set<Path> doors(Map<String, String> environment) {
    var all = new LinkedHashSet<Path>();
    FOLDERS.forEach(name -> path(environment, name).flatMap(Doors::uppermost).ifPresent(all::add));
    FILES.forEach(
        name ->
            path(environment, name)
                .flatMap(file -> Optional.ofNullable(file.getParent()))
                .flatMap(Doors::uppermost)
                .ifPresent(all::add));
    // the folder may be one that builds need
    secretFiles(environment).forEach(all::add);
    all.add(RUN);
    all.add(NETRC);
    return all;
  }

  private static Stream<Path> secretFiles(Map<String, String> environment) {
    return environment.keySet().stream()
        .filter(name -> name.startsWith("FLAKEFERRY_") && name.endsWith("_FILE"))
        .sorted()
        .flatMap(name -> path(environment, name).stream());
  }

  private static Optional<Path> path(Map<String, String> environment, String name) {
    return Optional.of(environment.getOrDefault(name, "").strip())
        .filter(text -> !text.isEmpty())
        .map(text -> Path.of(text).toAbsolutePath().normalize());
  }

  private static Optional<Path> uppermost(Path folder) {
    if (folder.getNameCount() == 0) {
      return Optional.empty();
    }
    Path first = Path.of("/").resolve(folder.getName(0));
    if (!SYSTEM.contains(folder.getName(0).toString())) {
      return Optional.of(first);
    }
    return folder.equals(first) ? Optional.empty() : Optional.of(folder);
  }

  private void shut(Path path, Progress progress) {
    if (Files.notExists(path)) {
      return;
    }
    try {
      Set<PosixFilePermission> now = Files.getPosixFilePermissions(path);
      var less = EnumSet.noneOf(PosixFilePermission.class);
      less.addAll(now);
      if (less.removeAll(OTHERS)) {
        Files.setPosixFilePermissions(path, less);
        before.put(path, now);
      }
    } catch (IOException e) {
      progress.warn("%s can't be shut: builds may read it (%s)".formatted(path, e));
    }
  }

  @Override
  public void close() {
    before.forEach(
        (path, permissions) -> {
          try {
            Files.setPosixFilePermissions(path, permissions);
          } catch (IOException e) {
            // gone, or not ours any more; its owner has what it had
          }
        });
  }
}
