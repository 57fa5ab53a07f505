package io.github.flakeferry;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Commands of the pages that {@link PagesIT} does not type. {@link RunElsewhereTest} holds the
 * list.
 */
final class RunElsewhere {
  /** Those that other tests run, and which. */
  static final Map<String, Class<?>> TESTS =
      Map.of(
          "./flakeferry demo", LauncherIT.class,
          "sudo ./flakeferry demo", LauncherIT.class,
          "flakeferry diff --against", DiffIT.class,
          "flakeferry init --host-key SHA256:…", InitIT.class);

  /** What programs do by themselves, no line that somebody should type. */
  static final Set<String> SPOKEN_OF =
      Set.of(
          "git clone --filter=…",
          "nix build",
          "nix copy",
          "nix copy --to ssh-ng://",
          "nix key generate-secret",
          "nix-copy-closure --to",
          "nix-store --dump",
          "nix-store --serve",
          "nix-store --serve --write");

  /**
   * What would change the machine that the tests run on, asks questions, or needs what is not
   * there: a shell, logs of builds or of an earlier start, the internet.
   */
  static final Set<String> NEEDS_MORE =
      Set.of(
          "apt-get install nix-bin",
          "apt-get install openssh-client",
          "apt-get install qemu-user-static binfmt-support",
          "curl -fsS localhost:8080/health",
          "flakeferry completion fish | source",
          "flakeferry ssh unmatched-1 -- journalctl --boot=-1",
          "gh workflow enable production.yml",
          "nix log --option substituters URL /nix/store/….drv",
          "nix log --store URL /nix/store/….drv",
          "nix log PATH.drv",
          "nix profile install nixpkgs#cachix",
          "nix profile install nixpkgs#jdk25 nixpkgs#maven",
          "ssh-keygen -t ed25519");

  /** A command's name, which the text speaks of. */
  private static final Pattern NAME = Pattern.compile("flakeferry(?: [a-z]+)+");

  private RunElsewhere() {}

  /** Whether a block's command is left out. */
  static boolean has(String command) {
    return TESTS.containsKey(command)
        || SPOKEN_OF.contains(command)
        || NEEDS_MORE.contains(command)
        || isMaven(command);
  }

  /** Whether a text's command is left out. */
  static boolean hasOfText(String command) {
    return NAME.matcher(command).matches() || has(command);
  }

  /** Whether it starts Maven: of these what they name is looked up. */
  static boolean isMaven(String command) {
    return command.startsWith("mvn ");
  }
}
