package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.CrossPolicy;
import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.model.SystemPlatform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NextStepsTest {
  private static final SystemPlatform RISCV64 = new SystemPlatform("riscv64-linux");

  @TempDir private Path folder;

  private String text(Forge forge, Set<CacheLogin> logins, String... boards) {
    return text(folder, forge, "main", logins, false, boards).replace(folder.toString(), "~/keys");
  }

  private static String text(
      Path folder,
      Forge forge,
      String branch,
      Set<CacheLogin> logins,
      boolean mayHaveOthers,
      String... boards) {
    CiKeys keys = CiKeys.in(folder, "boards-1");
    var place =
        new Place(
            Path.of("/home/me/boards"),
            Path.of(""),
            Path.of("flakeferry.yml"),
            Optional.of(forge),
            branch,
            Optional.empty(),
            true,
            Path.of("/home/me/boards"));
    return new NextSteps(
            place,
            Optional.of(new WorkflowText(place, forge, "production", logins)),
            keys,
            mayHaveOthers,
            List.of(boards).stream()
                .map(at -> PolicyTextTest.board("desk", Endpoint.parse(at).orElseThrow()))
                .toList(),
            List.of(new CrossVariant.Missing("unmatched", RISCV64, CrossPolicy.AUTO)))
        .text()
        .replace(keys.authorizedKey(), "ssh-ed25519 … flakeferry")
        .replace(keys.publicKey().toString(), "boards-1:…=");
  }

  @Test
  void theyAreLinesToTypeWithWhatTheyAreFor() {
    assertThat(text(Forge.GITHUB, Set.of(CacheLogin.CREDENTIALS), "root@10.0.0.2:2222"))
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
    assertThat(
            text(
                folder.resolve("my keys"),
                Forge.GITHUB,
                "it's;main",
                Set.of(),
                false,
                "root@desk.lan"))
        .contains("-i '" + folder + "/my keys/ssh-key'.pub root@desk.lan")
        .contains("FLAKEFERRY_SSH_KEY_FILE='" + folder + "/my keys/ssh-key' FLAKEFERRY_SIGNING")
        .contains("<'" + folder + "/my keys/signing-key'")
        .contains("-f name='it'\\''s;main'");
    assertThat(text(Forge.GITHUB, Set.of(), "deploy$@desk.lan"))
        .contains("init --board-module --user 'deploy$' >");
    assertThat(new CrossVariant.Missing("pi.lan", RISCV64, CrossPolicy.AUTO).lines())
        .startsWith("\"pi.lan-from-x86_64\" = self.nixosConfigurations.\"pi.lan\".extendModules {");
  }

  @Test
  void theCheckFindsTheFlakeAndThePolicy() {
    Place below = Place.around(folder, Path.of("my flake"), Optional.of(Path.of("a b.yml")));
    CiKeys keys = CiKeys.in(Path.of("/keys"), "boards-1");
    assertThat(new NextSteps(below, Optional.empty(), keys, false, List.of(), List.of()).text())
        .isEqualTo(
            """
            1. Commit, look whether all is right, and push:

                   FLAKEFERRY_FLAKE='my flake' FLAKEFERRY_SSH_KEY_FILE=/keys/ssh-key \
            FLAKEFERRY_SIGNING_KEY_FILE=/keys/signing-key flakeferry check --config 'a b.yml'
            """
                .stripTrailing());
  }

  @Test
  void aBucketsKeysAreSecretsToo() {
    assertThat(text(Forge.GITHUB, Set.of(CacheLogin.AWS_KEYS), "root@desk.lan"))
        .contains("and, for the bucket, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY\n")
        .contains(
            """
                   gh secret set AWS_ACCESS_KEY_ID --env production
                   gh secret set AWS_SECRET_ACCESS_KEY --env production
            """)
        .doesNotContain("CACHE_CREDENTIALS");
  }

  @Test
  void whereRunsMayHaveKeysTheirSecretsAreSetOnACondition() {
    assertThat(text(folder, Forge.GITHUB, "main", Set.of(), true, "root@a.lan", "deploy@b.lan"))
        .contains("in its configuration unmatched,\n   or by the keys that runs of this fleet have")
        .contains("switch it to that by hand once,\n   or by the keys that runs of this fleet have")
        .contains(
            "4. Only if runs of this fleet have no keys yet, as these would take their place.\n"
                + "   At GitHub, Settings, Environments");
  }

  @Test
  void aVariantThatIsNotTakenByItselfIsToBeNamed() {
    var lacking = new CrossVariant.Missing("unmatched", RISCV64, CrossPolicy.OFF);
    Place place = Place.around(folder, Path.of(""), Optional.empty());
    CiKeys keys = CiKeys.in(folder, "boards-1");
    assertThat(
            new NextSteps(place, Optional.empty(), keys, false, List.of(), List.of(lacking)).text())
        .contains(
            "nixosConfigurations; then name it as the board's configuration, as the policy says `cross: off`:\n")
        .doesNotContain("by itself");
  }

  @Test
  void aUserWhoIsNotRootHasAModuleAndOtherForgesHaveNoEnvironments() {
    assertThat(text(Forge.FORGEJO, Set.of(), "deploy@desk.lan"))
        .contains("flakeferry init --board-module --user deploy >flakeferry-board.nix")
        .contains("At Forgejo, Settings, Actions, Secrets. Whoever may push a branch can read them")
        .doesNotContain("gh ", "CACHE_CREDENTIALS", "users.users.root");
  }
}
