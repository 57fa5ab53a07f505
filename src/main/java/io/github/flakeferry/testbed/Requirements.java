package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** What the machine must be and have, and how it gets there. */
final class Requirements {
  private static final Pattern DEBIAN =
      Pattern.compile("^ID(_LIKE)?=.*\\bdebian\\b", Pattern.MULTILINE);

  private static final Path LOCK = Path.of("/run/flakeferry-testbed/install.lock");

  private final Progress progress;
  private final boolean root;
  private final boolean debian;

  private Requirements(Progress progress, boolean root, boolean debian) {
    this.progress = progress;
    this.root = root;
    this.debian = debian;
  }

  static Requirements ofThisMachine(Progress progress) throws IOException {
    boolean root = Command.of("id", "-u").run().orThrow().output().strip().equals("0");
    Path release = Path.of("/etc/os-release");
    boolean debian = Files.exists(release) && DEBIAN.matcher(Files.readString(release)).find();
    return new Requirements(progress, root, debian);
  }

  /**
   * Sees to it that this process is root and has these tools: installs them where it can.
   *
   * @throws TestbedUnavailable naming what is missing and the command that helps
   */
  void demand(Collection<Tool> tools) throws IOException {
    List<Tool> missing = missing(tools);
    List<String> packages = packages(missing);
    if (!root) {
      throw new TestbedUnavailable(
          "the test boards need root, for namespaces and mounts"
              + (missing.isEmpty() ? "" : ", and these programs: " + names(missing)),
          "start it again with `sudo`"
              + (packages.isEmpty() || debian ? "" : ", once these programs are there"));
    }
    if (missing.isEmpty()) {
      return;
    }
    if (!debian || !Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
      throw new TestbedUnavailable(
          "the test boards need these programs: " + names(missing),
          "install them; on Debian: `apt-get install " + String.join(" ", packages) + "`");
    }
    // apt waits for another one that installs, but not for one that updates its lists
    Files.createDirectories(LOCK.getParent());
    synchronized (LOCK) {
      try (var channel =
              FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        List<String> left = packages(missing(missing));
        if (lock.isValid() && !left.isEmpty()) {
          install(left);
        }
      }
    }
  }

  private static List<Tool> missing(Collection<Tool> tools) {
    return tools.stream().filter(t -> t.find().isEmpty()).toList();
  }

  private static List<String> packages(List<Tool> tools) {
    return tools.stream().flatMap(t -> t.packages().stream()).distinct().toList();
  }

  /**
   * Sees to it that the kernel gives us namespaces.
   *
   * @throws TestbedUnavailable if it does not, as in a container without privileges
   */
  void demandNamespaces() throws IOException {
    var tried =
        Tool.UNSHARE
            .command("--mount", "--pid", "--net", "--fork", "mount", "-t", "tmpfs", "none", "/mnt")
            .run();
    if (!tried.exit().succeeded()) {
      throw new TestbedUnavailable(
          "the test boards need new namespaces and mounts, which this machine does not allow: "
              + String.join("; ", tried.lastErrorLines()),
          "run it on a machine, or in a container started with `--privileged`");
    }
  }

  private void install(List<String> packages) throws IOException {
    String names = String.join(" ", packages);
    progress.note("installing " + names);
    apt("update");
    var words = new java.util.ArrayList<>(List.of("install", "--yes", "--no-install-recommends"));
    words.addAll(packages);
    apt(words.toArray(String[]::new));
  }

  private static void apt(String... words) throws IOException {
    var finished =
        Command.of("/usr/bin/apt-get", "-q", "-o", "DPkg::Lock::Timeout=300")
            .and(words)
            .with("DEBIAN_FRONTEND", "noninteractive")
            .with("PATH", Tool.searchPath())
            .run();
    if (!finished.exit().succeeded()) {
      throw new TestbedUnavailable(
          "`apt-get "
              + String.join(" ", words)
              + "` "
              + finished.exit()
              + ": "
              + String.join("; ", finished.lastErrorLines()),
          "make `apt-get update` work, then start it again");
    }
  }

  private static String names(List<Tool> tools) {
    return String.join(", ", tools.stream().map(Tool::program).toList());
  }
}
