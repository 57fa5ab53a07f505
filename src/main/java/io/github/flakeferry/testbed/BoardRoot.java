package io.github.flakeferry.testbed;

import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The roots that boards start from. Each is made once by a script and kept in the machine's cache,
 * in a folder that is named after the recipe; so a changed recipe makes a new one.
 */
final class BoardRoot {
  /** Where another Debian mirror than the machine's own can be named. */
  static final String MIRROR_VARIABLE = "FLAKEFERRY_DEBIAN_MIRROR";

  private final MadeOnce kept;
  private final Progress progress;

  private BoardRoot(MadeOnce kept, Progress progress) {
    this.kept = kept;
    this.progress = progress;
  }

  /**
   * The roots of this version.
   *
   * @param cache the folder that keeps them from run to run
   */
  static BoardRoot in(Path cache, Progress progress) throws IOException {
    var names = new java.util.ArrayList<>(Resources.ROOT);
    names.addAll(Resources.NIXOS);
    var root =
        new BoardRoot(
            new MadeOnce(cache.resolve("testbed").resolve(Resources.version(names))), progress);
    root.kept.get(
        "recipe",
        target -> {
          Resources.unpack(names, target);
        });
    return root;
  }

  /** The folder with the scripts. */
  Path recipe() {
    return kept.home().resolve("recipe");
  }

  /** The root of amd64 boards; made when it is not there yet, which takes a minute. */
  Path amd64() throws IOException {
    return kept.get("amd64", target -> make("make-root.sh", "amd64", "a minute", target));
  }

  /** What lies over the root of amd64 boards where the board is a riscv64 one. */
  Path riscv64() throws IOException {
    amd64();
    return kept.get(
        "riscv64", target -> make("make-riscv64-root.sh", "riscv64", "a minute", target));
  }

  /** The program that makes a slow link; compiled when it is not there yet. */
  Path slowLink() throws IOException {
    return kept.get(
        "slowlink",
        target ->
            Tool.COMPILER
                .command("-O2", "-pthread", "-o", target.toString())
                .and(recipe().resolve("root/slowlink.c").toString())
                .run()
                .orThrow());
  }

  private void make(String script, String name, String time, Path target) throws IOException {
    progress.note(
        "making the root that " + name + " boards start from: once on this machine, " + time);
    var finished =
        io.github.flakeferry.support.process.Command.of("/bin/sh")
            .and(recipe().resolve("root").resolve(script).toString())
            .and(
                target.toString(),
                mirror(),
                recipe().toString(),
                kept.home().resolve("amd64").toString())
            .with("PATH", Tool.searchPath())
            .run();
    if (!finished.exit().succeeded()) {
      throw new TestbedUnavailable(
          "the boards' root could not be made: mmdebstrap "
              + finished.exit()
              + ": "
              + String.join("\n", finished.lastErrorLines()),
          "see that this machine's Debian mirror has the suite trixie, or name another one in "
              + MIRROR_VARIABLE);
    }
  }

  /** The mirror of Debian that roots are made from. */
  static String mirror() throws IOException {
    return Optional.ofNullable(System.getenv(MIRROR_VARIABLE))
        .filter(m -> !m.isBlank())
        .or(
            () -> {
              try {
                return AptSources.mirror(Path.of("/etc/apt"));
              } catch (IOException e) {
                return Optional.empty();
              }
            })
        .orElseThrow(
            () ->
                new TestbedUnavailable(
                    "no Debian mirror in /etc/apt/sources.list or /etc/apt/sources.list.d",
                    "name one in " + MIRROR_VARIABLE));
  }

  /** Removes a folder and all in it; device files and foreign owners too. */
  static void remove(Path folder) throws IOException {
    io.github.flakeferry.support.process.Command.of(
            "/bin/rm", "-rf", "--one-file-system", folder.toString())
        .run()
        .orThrow();
  }
}
