package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.model.SystemPlatform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NextStepsTest {
  private static final SystemPlatform RISCV64 = new SystemPlatform("riscv64-linux");

  @TempDir private Path folder;

  private String text(Forge forge, boolean login, String... boards) {
    return text(folder, forge, "main", login, boards).replace(folder.toString(), "~/keys");
  }

  private static String text(
      Path folder, Forge forge, String branch, boolean login, String... boards) {
    CiKeys keys = CiKeys.in(folder, "boards-1");
    return new NextSteps(
            new Place(
                Path.of("/home/me/boards"),
                Path.of(""),
                Path.of("flakeferry.yml"),
                forge,
                branch,
                Optional.empty(),
                true,
                Path.of("/home/me/boards")),
            Optional.of("production"),
            keys,
            List.of(boards).stream()
                .map(at -> PolicyTextTest.board("desk", Endpoint.parse(at).orElseThrow()))
                .toList(),
            login,
            List.of(new CrossVariant.Missing("unmatched", RISCV64)))
        .text()
        .replace(keys.authorizedKey(), "ssh-ed25519 … flakeferry")
        .replace(keys.publicKey().toString(), "boards-1:…=");
  }

  @Test
  void theyAreLinesToTypeWithWhatTheyAreFor() {
    assertThat(text(Forge.GITHUB, true, "root@10.0.0.2:2222"))
        .isEqualTo(
            """
            1. Let runs log in on desk: now by the first line, and for good by the others in its configuration unmatched:

                   ssh-copy-id -f -i ~/keys/ssh-key.pub -p 2222 root@10.0.0.2

                   users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 … flakeferry" ];
                   nix.settings.trusted-public-keys = [ "boards-1:…=" ];

            2. Runs build on x86_64-linux, and nothing in the flake cross-compiles unmatched there. In flake.nix, beside it in
               nixosConfigurations; it is then taken by itself:

                   unmatched-from-x86_64 = self.nixosConfigurations.unmatched.extendModules {
                     modules = [
                       {
                         nixpkgs.buildPlatform = "x86_64-linux";
                         nixpkgs.hostPlatform = "riscv64-linux"; # in place of `system = …`
                       }
                     ];
                   };

            3. At GitHub, Settings, Environments: make `production`, for the branch main alone, and for protected tags once the
               policy has a `tag` or a `release`. Its secrets, and no secret of the repository:
               BOARDS_SSH_KEY (the file ~/keys/ssh-key), CACHE_SIGNING_KEY (the file ~/keys/signing-key)
               and, if the cache wants a login, CACHE_CREDENTIALS (user:password or a token)

                   gh api -X PUT 'repos/{owner}/{repo}/environments/production' \\
                     -F 'deployment_branch_policy[protected_branches]=false' \\
                     -F 'deployment_branch_policy[custom_branch_policies]=true'
                   gh api -X POST 'repos/{owner}/{repo}/environments/production/deployment-branch-policies' -f name=main
                   gh secret set BOARDS_SSH_KEY --env production <~/keys/ssh-key
                   gh secret set CACHE_SIGNING_KEY --env production <~/keys/signing-key
                   gh secret set CACHE_CREDENTIALS --env production

            4. Commit, look whether all is right, and push:

                   FLAKEFERRY_SSH_KEY_FILE=~/keys/ssh-key FLAKEFERRY_SIGNING_KEY_FILE=~/keys/signing-key flakeferry check
            """
                .stripTrailing());
  }

  @Test
  void oddNamesAreOneWordForAShell() {
    assertThat(text(folder.resolve("my keys"), Forge.GITHUB, "it's;main", false, "root@desk.lan"))
        .contains("-i '" + folder + "/my keys/ssh-key'.pub root@desk.lan")
        .contains("FLAKEFERRY_SSH_KEY_FILE='" + folder + "/my keys/ssh-key' FLAKEFERRY_SIGNING")
        .contains("<'" + folder + "/my keys/signing-key'")
        .contains("-f name='it'\\''s;main'");
    assertThat(new CrossVariant.Missing("pi.lan", RISCV64).lines())
        .startsWith("\"pi.lan-from-x86_64\" = self.nixosConfigurations.\"pi.lan\".extendModules {");
  }

  @Test
  void theCheckFindsTheFlakeAndThePolicy() {
    Place below = Place.around(folder, Path.of("my flake"), Optional.of(Path.of("a b.yml")));
    CiKeys keys = CiKeys.in(Path.of("/keys"), "boards-1");
    assertThat(new NextSteps(below, Optional.empty(), keys, List.of(), false, List.of()).text())
        .isEqualTo(
            """
            1. Commit, look whether all is right, and push:

                   FLAKEFERRY_FLAKE='my flake' FLAKEFERRY_SSH_KEY_FILE=/keys/ssh-key \
            FLAKEFERRY_SIGNING_KEY_FILE=/keys/signing-key flakeferry check --config 'a b.yml'
            """
                .stripTrailing());
  }

  @Test
  void aUserWhoIsNotRootHasAModuleAndOtherForgesHaveNoEnvironments() {
    assertThat(text(Forge.FORGEJO, false, "deploy@desk.lan"))
        .contains("flakeferry init --board-module --user deploy >flakeferry-board.nix")
        .contains("At Forgejo, Settings, Actions, Secrets. Whoever may push a branch can read them")
        .doesNotContain("gh ", "CACHE_CREDENTIALS", "users.users.root");
  }
}
