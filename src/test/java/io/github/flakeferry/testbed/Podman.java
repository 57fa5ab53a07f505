package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Containers without privileges, on the network of the machine: test boards and stand-ins are
 * there.
 */
public final class Podman {
  private static final String BASE = "docker.io/library/debian:trixie-slim";

  /** Any: then an image need not be built anew where only the history changed. */
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  // podman would raise them, or lower its own and then want them back: a machine may forbid even
  // root to do that
  private static final long MOST = 16384;
  private static final Map<String, String> LIMITS =
      Map.of("nofile", "Max open files", "nproc", "Max processes");

  private final Path folder;

  private Podman(Path folder) {
    this.folder = folder;
  }

  /**
   * Installs what is missing, and gets the image that ours is made from: out of a registry, or
   * where there is none, made of Debian's packages, which takes a minute.
   *
   * @param folder for files of its own
   * @throws TestbedUnavailable if this machine can't have it
   */
  public static Podman prepare(Path folder, Progress progress) throws IOException {
    var tools = EnumSet.of(Tool.PODMAN, Tool.MMDEBSTRAP);
    if (needsRunc()) {
      tools.add(Tool.RUNC);
    }
    Requirements.ofThisMachine(progress).demand(tools);
    var podman = new Podman(folder);
    if (!podman.has(BASE) && !podman.pull(BASE)) {
      Path archive = folder.resolve("base.tar");
      Tool.MMDEBSTRAP
          .command("--variant=minbase", "trixie", archive.toString(), BoardRoot.mirror())
          .within(PATIENCE)
          .run()
          .orThrow();
      podman.command("import", "--quiet", archive.toString(), BASE).run().orThrow();
      Files.delete(archive);
    }
    return podman;
  }

  /**
   * Builds an image from a folder with a Dockerfile, as users have it: what this machine trusts and
   * what Maven has downloaded already is mounted while it is built.
   */
  public void build(Path context, String tag) throws IOException {
    Path mavenrc = folder.resolve("mavenrc");
    Files.writeString(
        mavenrc, "MAVEN_OPTS=\"$MAVEN_OPTS -Djavax.net.ssl.trustStore=/mnt/cacerts\"\n");
    Path trusted =
        Path.of(System.getProperty("java.home"), "lib", "security", "cacerts").toRealPath();
    Path downloads =
        Files.createDirectories(Path.of(System.getProperty("user.home"), ".m2", "repository"));
    buildCommand(tag)
        .and("--volume", mavenrc + ":/etc/mavenrc:ro", "--volume", trusted + ":/mnt/cacerts:ro")
        // changes to it are dropped
        .and("--volume", downloads + ":/root/.m2/repository:O")
        .and("--build-arg", "COMMIT=" + COMMIT)
        .and(context.toAbsolutePath().toString())
        .run()
        .orThrow();
    prune();
  }

  /** Builds an image from the text of a Dockerfile alone. */
  public void build(String dockerfile, String tag) throws IOException {
    buildCommand(tag)
        .and("--file", "-", Files.createDirectories(folder.resolve("empty")).toString())
        .run(dockerfile)
        .orThrow();
    prune();
  }

  private Command buildCommand(String tag) {
    return command("build", "--network", "host", "--layers", "--tag", tag).within(PATIENCE);
  }

  /**
   * Removes the images of earlier content that nobody asked for since yesterday; no stage of a
   * build, which would be missed the next time.
   */
  private void prune() throws IOException {
    command("image", "prune", "--all", "--force")
        .and("--filter", "label=org.opencontainers.image.revision=" + COMMIT)
        .and("--filter", "until=24h")
        .run()
        .orThrow();
  }

  /** The words that run a container to its end; more options, the image and arguments follow. */
  public List<String> runWords() throws IOException {
    var words = new ArrayList<>(command("run", "--rm", "--network", "host").words());
    List<String> machine = Files.readAllLines(Path.of("/proc/self/limits"));
    LIMITS.forEach(
        (option, name) -> {
          var hard = Pattern.compile(Pattern.quote(name) + "\\s+\\w+\\s+(\\d+).*");
          for (String line : machine) {
            var found = hard.matcher(line);
            if (found.matches()) {
              words.addAll(
                  List.of(
                      "--ulimit", option + "=" + Math.min(MOST, Long.parseLong(found.group(1)))));
            }
          }
        });
    return words;
  }

  boolean has(String image) throws IOException {
    return command("image", "exists", image).run().exit().succeeded();
  }

  private boolean pull(String image) throws IOException {
    return command("pull", "--quiet", image).within(PATIENCE).run().exit().succeeded();
  }

  private Command command(String... words) {
    Command podman = needsRunc() ? Tool.PODMAN.command("--runtime", "runc") : Tool.PODMAN.command();
    return podman.and(words);
  }

  /** The other runtime, crun, refuses a machine that has both versions of control groups. */
  private static boolean needsRunc() {
    return Files.notExists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
  }
}
