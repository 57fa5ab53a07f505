package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Flakes that would have the real Nix tell what lies on the machine, or run something as whoever
 * evaluates them. What is found out would stand in the error.
 */
final class HostileFlakeIT {
  private final Nix nix = new Nix(TestFlake.SETTINGS, Progress.SILENT);
  private final String secret = "s3cret-" + UUID.randomUUID();
  @TempDir private Path folder;
  private Path machine;
  private TestFlake repository;

  @BeforeEach
  void begin() throws IOException {
    machine = Files.createDirectories(folder.resolve("machine"));
    Files.writeString(machine.resolve("secret"), secret);
    Files.writeString(
        machine.resolve("flake.nix"), "{ outputs = _: { it = builtins.readFile ./secret; }; }");
    repository = new TestFlake(folder.resolve("checkout"));
  }

  @AfterEach
  void tidy() throws IOException {
    Command.of("rm", "-rf", folder.toString()).run().orThrow();
  }

  /** A flake that fails with what an expression is. */
  private static String telling(String expression) {
    return """
    {
      outputs = { self, ... }@inputs: {
        nixosConfigurations.board.config.system.build.toplevel = throw "it is: ${%s}";
      };
    }
    """
        .formatted(expression);
  }

  private EvaluationFailed evaluated(String flakeFile) throws IOException {
    GitRevision commit =
        repository.commit("flake.nix", flakeFile.replace("MACHINE", machine.toString()));
    var failure =
        catchThrowableOfType(
            EvaluationFailed.class,
            () ->
                nix.evaluate(
                    nix.flake(repository.folder(), TestFlake.ROOT, commit, false), "board"));
    assertThat(failure).as("nothing failed").isNotNull();
    return failure;
  }

  private static String all(EvaluationFailed failure) {
    return failure.problem() + failure.advice() + String.join("\n", failure.details());
  }

  @Test
  void theErrorWouldTellIt() throws IOException {
    repository.commit("own", secret);
    assertThat(evaluated(telling("builtins.readFile ./own")).problem()).contains(secret);
  }

  static Stream<Arguments> readings() {
    String secretFile = "MACHINE/secret";
    return Stream.of(
        Arguments.of("by its path", "builtins.readFile " + secretFile),
        Arguments.of("by its path as a text", "builtins.readFile \"" + secretFile + "\""),
        Arguments.of("copied to the store", "builtins.readFile \"${" + secretFile + "}\""),
        Arguments.of(
            "by builtins.path",
            "builtins.readFile (builtins.path { path = MACHINE; } + \"/secret\")"),
        Arguments.of("by import", "builtins.toString (import MACHINE/flake.nix)"),
        Arguments.of("by the search path", "builtins.readFile <nixpkgs/secret>"),
        Arguments.of(
            "by another search path",
            "builtins.readFile (builtins.findFile [ { prefix = \"\"; path = \"MACHINE\"; } ] \"secret\")"),
        Arguments.of(
            "by a download", "builtins.readFile (builtins.fetchurl \"file://MACHINE/secret\")"),
        Arguments.of(
            "by fetchTree",
            "builtins.readFile (builtins.fetchTree { type = \"path\"; path = \"MACHINE\"; } + \"/secret\")"),
        Arguments.of(
            "by fetchGit",
            "builtins.readFile (builtins.fetchGit \"file://MACHINE\" + \"/secret\")"),
        Arguments.of("by another flake", "(builtins.getFlake \"path:MACHINE\").it"),
        Arguments.of("by a program", "builtins.exec [ \"cat\" \"MACHINE/secret\" ]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readings")
  void aFileOfTheMachine(String way, String expression) throws IOException {
    assertThat(all(evaluated(telling(expression)))).doesNotContain(secret);
  }

  @Test
  void aVariableOfTheProcess() throws IOException {
    String told = evaluated(telling("builtins.getEnv \"HOME\"")).problem();
    assertThat(told).endsWith("it is:");
  }

  @Test
  void aLinkInTheCheckout() throws IOException {
    Files.createSymbolicLink(repository.folder().resolve("file"), machine.resolve("secret"));
    Files.createSymbolicLink(repository.folder().resolve("folder"), machine);
    for (String way :
        new String[] {"./file", "(self + \"/file\")", "(self + \"/folder/secret\")"}) {
      assertThat(all(evaluated(telling("builtins.readFile " + way)))).doesNotContain(secret);
    }
  }

  /** What has a fixed output may name variables that it wants to have of whoever runs Nix. */
  @Test
  void aTokenInTheUsersSettings() throws IOException {
    Path told = folder.resolve("told");
    String script = "echo variable $NIX_CONFIG >%s; echo >$out".formatted(told);
    Command build =
        Command.of("nix-build", "--no-out-link", "--option", "substituters", "", "-E")
            .and(
                """
                derivation {
                  name = "%s";
                  system = builtins.currentSystem;
                  builder = "/bin/sh";
                  args = [ "-c" %s ];
                  outputHash = builtins.hashString "sha256" "\n";
                  outputHashAlgo = "sha256";
                  outputHashMode = "flat";
                  impureEnvVars = [ "NIX_CONFIG" "HOME" ];
                }
                """
                    .formatted(UUID.randomUUID(), Evaluator.literal(script)));
    String settings = "sandbox = false\nbuild-users-group =\naccess-tokens = a.example=" + secret;

    var given = new UserSettings(Map.of("NIX_CONFIG", settings)).given(build);
    // without these settings it could not be built here
    given.run().orThrow();

    assertThat(told).hasContent("variable");
    Path file = Path.of(given.environment().getOrDefault("NIX_USER_CONF_FILES", "").split(":")[0]);
    assertThat(Files.readString(file)).contains(secret);
    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    build.with("NIX_CONFIG", settings).and("--check").run();
    assertThat(Files.readString(told)).contains(secret);
  }

  static Stream<Arguments> inputs() {
    return Stream.of(
        Arguments.of("a folder", "path:MACHINE", ""),
        Arguments.of("a folder with a query", "path:MACHINE?lastModified=1", ""),
        Arguments.of("a folder beside", "path:../machine", ""),
        Arguments.of("a repository", "git+file://MACHINE", ""),
        Arguments.of(
            "a folder, locked", "path:MACHINE", "{\"type\":\"path\",\"path\":\"MACHINE\"}"),
        Arguments.of(
            "a folder beside, locked",
            "path:../machine",
            "{\"type\":\"path\",\"path\":\"../machine\"}"),
        Arguments.of(
            "a folder, locked to another hash",
            "path:MACHINE",
            "{\"type\":\"path\",\"path\":\"MACHINE\",\"narHash\":"
                + "\"sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}"),
        Arguments.of(
            "a repository, locked to no commit",
            "git+file://MACHINE",
            "{\"type\":\"git\",\"url\":\"file://MACHINE\"}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inputs")
  void anInputOfTheMachine(String what, String url, String locked) throws IOException {
    machineIsARepository();
    if (!locked.isEmpty()) {
      String original = locked.replaceAll(",\"narHash\":\"[^\"]*\"", "");
      repository.commit(
          "flake.lock",
          """
          {"nodes": {"machine": {"flake": false, "locked": %s, "original": %s},
                     "root": {"inputs": {"machine": "machine"}}}, "root": "root", "version": 7}
          """
              .formatted(locked, original)
              .replace("MACHINE", machine.toString()));
    }
    String flake =
        "{ inputs.machine = { url = \"%s\"; flake = false; };%n".formatted(url)
            + telling("builtins.readFile \"${inputs.machine}/secret\"").strip().substring(1);

    EvaluationFailed failure = evaluated(flake);

    assertThat(all(failure)).doesNotContain(secret);
    assertThat(repository.folder().resolve("flake.lock").toFile().exists())
        .isEqualTo(!locked.isEmpty());
  }

  private void machineIsARepository() throws IOException {
    Command git =
        Command.of("git", "-c", "user.name=a", "-c", "user.email=a@b.example").in(machine);
    git.and("init", "-q", "-b", "main", ".").run().orThrow();
    git.and("add", "-A").run().orThrow();
    git.and("commit", "-q", "-m", "it").run().orThrow();
  }

  /** With such a setting accepted, Nix would run the hook after the build that evaluating needs. */
  @Test
  void settingsOfItsOwn() throws IOException {
    Path hook = folder.resolve("hook");
    Files.writeString(hook, "#!/bin/sh\ntouch " + folder.resolve("pwned") + "\n");
    assertThat(hook.toFile().setExecutable(true)).isTrue();
    String flake =
        """
        {
          nixConfig = { post-build-hook = "%s"; pure-eval = false; substituters = "file://MACHINE"; };
          outputs = { self }: {
            nixosConfigurations.board.config.system.build.toplevel =
              let
                made = derivation {
                  name = "made";
                  system = "%s";
                  builder = "/bin/sh";
                  args = [ "-c" "echo %s >$out" ];
                };
              in throw "it is: ${builtins.readFile made} ${builtins.readFile MACHINE/secret}";
          };
        }
        """
            .formatted(hook, nix.platform(), UUID.randomUUID());

    EvaluationFailed failure = evaluated(flake);

    assertThat(all(failure)).doesNotContain(secret);
    assertThat(folder.resolve("pwned")).doesNotExist();
  }
}
