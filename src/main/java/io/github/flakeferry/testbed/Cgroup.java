package io.github.flakeferry.testbed;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A group of processes under the machine's v2 hierarchy (cgroups(7)): a board's systemd builds its
 * own groups below it, and it ends all of the board's processes at once.
 *
 * @param folder where it lies
 */
record Cgroup(Path folder) {
  private static final Path OWN_MOUNT = Path.of("/run/flakeferry-testbed/cgroup");
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  static Cgroup named(String name) throws IOException {
    Optional<Path> mounted = hierarchy();
    if (mounted.isEmpty()) {
      Files.createDirectories(OWN_MOUNT);
      Tool.MOUNT.command("-t", "cgroup2", "cgroup2", OWN_MOUNT.toString()).run().orThrow();
    }
    return new Cgroup(mounted.orElse(OWN_MOUNT).resolve(name));
  }

  // where the machine has it: the whole of /sys/fs/cgroup, or a part of it beside v1
  private static Optional<Path> hierarchy() throws IOException {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      return mounts
          .map(line -> line.split(" "))
          .filter(fields -> fields[2].equals("cgroup2"))
          .map(fields -> Path.of(fields[1]))
          .findFirst();
    }
  }

  /**
   * A process to be that is in this group from its first instruction on, in a session of its own (a
   * Ctrl-C at our terminal is not for it), with nothing of our environment and no input.
   */
  ProcessBuilder process(List<String> words) throws IOException {
    Files.createDirectories(folder);
    String script =
        """
        echo $$ >"$1"
        shift
        exec "$@"
        """;
    var all = new ArrayList<>(Tool.SETSID.command("/bin/sh", "-euc", script, "sh").words());
    all.add(folder.resolve("cgroup.procs").toString());
    all.addAll(words);
    var builder = new ProcessBuilder(all);
    builder.environment().clear();
    builder.environment().put("PATH", Tool.searchPath());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    return builder;
  }

  /** SIGKILL to all processes in it and below, and waits until they are gone. */
  void kill() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    Path all = folder.resolve("cgroup.kill");
    while (isPopulated()) {
      if (Files.exists(all)) {
        Files.writeString(all, "1");
      } else { // kernels before 5.14
        for (Path group : groups()) {
          for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
          }
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("the processes in " + folder + " can't be killed");
      }
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }

  private boolean isPopulated() throws IOException {
    return Files.readAllLines(folder.resolve("cgroup.events")).contains("populated 1");
  }

  void remove() throws IOException {
    if (Files.isDirectory(folder)) {
      for (Path group : groups()) {
        Files.deleteIfExists(group);
      }
    }
  }

  // the innermost first
  private List<Path> groups() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
    }
  }
}
