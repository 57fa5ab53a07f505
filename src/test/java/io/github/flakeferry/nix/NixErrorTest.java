package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.nix.NixSettings.Logins;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With what Nix 2.8, 2.26 and 2.34 really print. */
final class NixErrorTest {
  private static final String SOURCE = "/nix/store/7fwkrn3qkbhdnp6b1srgjyjxprziy1af-source/";

  @Test
  void anOldNixPrintsTheErrorFirst() {
    NixError error =
        NixError.of(
            List.of(
                "warning: the group 'nixbld' specified in 'build-users-group' does not exist",
                "\u001b[31;1merror:\u001b[0m attribute 'c' missing",
                "",
                "       at " + SOURCE + "sub/x.nix:1:26:",
                "",
                "            1| { ... }: { drvPath = (a: a.b.c) { b = { }; }; }",
                "             |                          ^",
                "(use '--show-trace' to show detailed location information)"));
    assertThat(error.message()).isEqualTo("attribute 'c' missing");
    assertThat(error.location()).contains("sub/x.nix:1:26");
    assertThat(error.lines())
        .hasSize(6)
        .noneMatch(l -> l.contains("\u001b") || l.contains("source/"));
  }

  @Test
  void aNewNixPrintsItLast() {
    NixError error =
        NixError.of(
            List.of(
                "error:",
                "       … while evaluating the attribute 'e1.config.drvPath'",
                "         at " + SOURCE + "flake.nix:3:5:",
                "            2|   outputs = { self }: {",
                "             |     ^",
                "",
                "       … while calling the 'throw' builtin",
                "         at " + SOURCE + "flake.nix:3:37:",
                "",
                "       error: a message",
                "       of two lines"));
    assertThat(error.message()).isEqualTo("a message\nof two lines");
    assertThat(error.location()).contains("flake.nix:3:37");
  }

  @Test
  void theNewestNamesSourcesByTheirUrl() {
    NixError error =
        NixError.of(
            List.of(
                "error:",
                "       error: attribute 'config' missing",
                "       at «git+file:///x?ref=refs/heads/main&rev=8a16e8&shallow=1»/lib/a.nix:6:5:",
                "            1| cs: cs.e4.config.drvPath"));
    assertThat(error.message()).isEqualTo("attribute 'config' missing");
    assertThat(error.location()).contains("lib/a.nix:6:5");
  }

  @Test
  void ourOwnFunctionIsNoPlaceToLookAt() {
    NixError error = NixError.of(List.of("error: attribute 'x' missing", "at «string»:1:5:"));
    assertThat(error.location()).isEmpty();
  }

  @Test
  void anErrorThatBeginsOnTheNextLineIsRead() {
    NixError error =
        NixError.of(
            List.of(
                "error:",
                "       Failed assertions:",
                "       - The root file system is missing."));
    assertThat(error.message()).isEqualTo("Failed assertions:\n- The root file system is missing.");
  }

  @Test
  void coloursTitlesAndLinksForTerminalsAreLeftOut() {
    assertThat(
            NixError.readable(
                "\033[31;1merror:\033[0m \033]8;;file:///x\033\\a.nix\033]8;;\033\\\033]0;title\007"))
        .isEqualTo("error: a.nix");
  }

  @Test
  void silenceHasNoMessage() {
    assertThat(NixError.of(List.of()).message()).isEmpty();
  }

  /** Nix 2.8. */
  @Test
  void aFlakeInAFolderBesideSubmodulesNeedsANewerNix() {
    var error =
        NixError.of(
            List.of("error: path URL 'path:/x?dir=boards&rev=1' has unsupported parameter 'dir'"));

    assertThat(error.advice()).contains("submodules", "newer");
  }

  private static NixError said(String... lines) {
    return NixError.of(List.of(lines));
  }

  @Test
  void aPrivateInputNeedsATokenUnlessTheCommitMayBeAnybodys() {
    NixError error =
        said(
            "error: unable to download 'https://api.github.com/repos/a/b/commits/HEAD': HTTP error"
                + " 404",
            "       response body: { \"message\": \"Not Found\" }");

    assertThat(error.advice(Logins.CONFIGURED)).contains("`access-tokens`", "NIX_CONFIG");
    assertThat(error.advice(Logins.NONE)).contains("may be anybody's", "have to be public");
  }

  @Test
  void aDownloadThatWasTriedAgainIsNotWhatFailed() {
    NixError error =
        said(
            "warning: error: unable to download 'https://x/nar': HTTP error 503; retrying in 4 ms",
            "warning: not writing modified lock file of flake 'git+file:///x'",
            "error: attribute 'c' missing");

    assertThat(error.advice(Logins.CONFIGURED)).isEmpty();
    assertThat(error.isOfLocks()).isFalse();
    assertThat(said("fatal: detected dubious ownership", "error: program 'git' failed").advice())
        .contains("belongs to another user");
  }

  @Test
  void anInputThatIsNotLockedIsOfTheLockFile() {
    NixError lacking = said("error: cannot update unlocked flake input 'nixpkgs' in pure mode");
    assertThat(lacking.isOfLocks()).isTrue();
    assertThat(lacking.advice(Logins.CONFIGURED)).contains("run `nix flake lock`");
    NixError mutable = said("error: 'path:/x' is an unlocked flake input");
    assertThat(mutable.isOfLocks()).isTrue();
    assertThat(mutable.advice(Logins.CONFIGURED)).contains("has to be locked");
  }

  @Test
  void whatEvaluatingHasToBuildFirstNeedsItsPlatform() {
    assertThat(
            said("error: a 'riscv64-linux' with features {} is required to build '/nix/store/x'")
                .advice(Logins.CONFIGURED))
        .contains("import from derivation", "emulate: true");
  }

  @Test
  void anInputBySshNeedsAKey() {
    NixError error =
        said(
            "git@github.com: Permission denied (publickey).",
            "fatal: Could not read from remote repository.",
            "error: program 'git' failed with exit code 128");
    assertThat(error.advice(Logins.CONFIGURED)).contains("SSH agent", "access-tokens");
  }
}
