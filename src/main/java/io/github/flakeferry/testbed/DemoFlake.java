package io.github.flakeferry.testbed;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.testbed.Variation.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A flake for boards, in a Git repository of its own: {@code unmatched} (riscv64, native), {@code
 * unmatched-from-x86_64} (the same, cross-compiled) and {@code board-amd64}. It has no inputs and
 * builds in a second, with Debian's compilers.
 *
 * @param folder the repository's working copy, on the branch {@code main}
 */
public record DemoFlake(Path folder) {
  /** The configuration of riscv64 boards that an x86_64 machine can build. */
  public static final String CROSS = "unmatched-from-x86_64";

  /** The configuration of riscv64 boards that is built natively. */
  public static final String NATIVE = "unmatched";

  /** The configuration of amd64 boards. */
  public static final String AMD64 = "board-amd64";

  /** What this machine's Nix needs to be told, in {@code NIX_CONFIG}, to build it. */
  public static final String NIX_CONFIG =
      """
      experimental-features = nix-command flakes
      sandbox = false
      build-users-group =
      substituters =
      """;

  /** Writes it to a folder, which becomes a Git repository without commits when it is none yet. */
  public static DemoFlake writeTo(Path folder, Variation variation) throws IOException {
    var flake = new DemoFlake(Files.createDirectories(folder));
    if (!Files.exists(folder.resolve(".git"))) {
      flake.git("init", "--quiet", "--initial-branch=main");
    }
    flake.change(variation);
    return flake;
  }

  /** Writes its files anew, without a commit. */
  public void change(Variation variation) throws IOException {
    Map<String, String> values = valuesOf(variation);
    for (String name : Resources.FLAKE) {
      write(name, fill(Resources.read(name), values));
    }
    for (String name : Resources.NIXOS) {
      write(name, Resources.read(name));
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name.substring("flake/".length()));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static Map<String, String> valuesOf(Variation variation) {
    Fault fault = variation.fault();
    return Map.of(
        "version",
        variation.version(),
        "message",
        variation.message().replace("\\", "\\\\").replace("\"", "\\\""),
        "kernel",
        variation.kernel(),
        "wired",
        Boolean.toString(fault != Fault.TAKES_NETWORK_DOWN),
        "packages",
        fault == Fault.DOES_NOT_EVALUATE ? "pkgs.hello pkgs.helo" : "pkgs.hello",
        "result",
        switch (fault) {
          case UNIT_FAILS -> "1";
          case DOES_NOT_COMPILE -> "EXIT_SUCCES";
          case NONE, DOES_NOT_EVALUATE, TAKES_NETWORK_DOWN -> "0";
        });
  }

  private static String fill(String template, Map<String, String> values) {
    String text = template;
    for (var value : values.entrySet()) {
      text = text.replace("@" + value.getKey() + "@", value.getValue());
    }
    return text;
  }

  /** Commits everything in the folder. */
  public GitRevision commit(String message) throws IOException {
    git("add", "--all");
    git("commit", "--quiet", "--message", message);
    return new GitRevision(git("rev-parse", "HEAD").strip());
  }

  private String git(String... words) throws IOException {
    return Tool.GIT
        .command("-c", "user.name=Demo", "-c", "user.email=demo@example.org")
        .and(words)
        .in(folder)
        // whatever the user's own settings say: hooks, signatures, templates
        .with("GIT_CONFIG_GLOBAL", "/dev/null")
        .with("GIT_CONFIG_NOSYSTEM", "1")
        .run()
        .orThrow()
        .output();
  }
}
