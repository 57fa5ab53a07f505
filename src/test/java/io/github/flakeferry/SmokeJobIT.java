package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.Variation;
import io.github.flakeferry.testbed.Variation.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Programs of the new system run where it was built, before anything else is touched. */
final class SmokeJobIT extends JobIT {
  @Override
  String policy() throws IOException {
    return policy("smoke: [hello, \"test -x /nix\"]");
  }

  private String policy(String smoke) throws IOException {
    return rehearsal
        .policy("")
        .replace("    boards: production\n", "    boards: production\n    " + smoke + "\n");
  }

  @Test
  void aSystemThatPassesIsPublishedAndDeployedAndNothingIsLeftOfTheTest() throws IOException {
    RehearsedRun run = run(rehearsal.push("Say hello", MAIN));

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(run.logText())
        .containsSubsequence(
            "Build:",
            "board-amd64: 2 smoke commands, not sandboxed here: with the network of this machine",
            "$ hello",
            Variation.FIRST.message(),
            "board-amd64: 2 smoke commands passed",
            "Smoke test:",
            "Publish:",
            "Deploy:");
    assertThat(board.currentSystem()).isEqualTo(StorePath.parse(run.output("store-paths")));
    assertThat(published()).isNotEmpty().noneMatch(info -> info.contains("-smoke"));
  }

  @Test
  void aSystemThatFailsIsNotDeployed() throws IOException {
    StorePath before = board.currentSystem();
    rehearsal.flake().change(Variation.FIRST.fault(Fault.UNIT_FAILS));
    GitRevision commit = rehearsal.push("Break what the program does", MAIN);
    RehearsedRun run = run(commit);

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(6);
    assertThat(run.output("failure-reason")).isEqualTo("build-failed");
    assertThat(run.logText())
        .contains(
            "the smoke command `hello` of board-amd64 failed: builder failed with exit code 1",
            "No board was touched.")
        .doesNotContain("$ test", "Publish:", "Deploy:");
    assertThat(published()).isNotEmpty().noneMatch(info -> info.contains("-smoke"));
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(rehearsal.github().statuses(commit))
        .last()
        .extracting(Status::state)
        .isEqualTo("failure");
  }

  @Test
  void aSystemOfAnotherPlatformIsTriedByEmulation() throws IOException {
    assertThat(testbed.canEmulate(new SystemPlatform("riscv64-linux"))).isTrue();
    rehearsal.flake().change(Variation.FIRST.message("Emulated: " + UUID.randomUUID()));
    rehearsal.write(
        "flakeferry.yml", policy().replace(rehearsal.configuration(), DemoFlake.NATIVE));

    // as in a container: the kernel's list of emulators is not to be seen
    var words =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "bash", // others drop variables with a hyphen
                "-ec",
                "mount -t tmpfs none /proc/sys/fs/binfmt_misc; exec \"$@\"",
                "bash"));
    words.addAll(BuiltProgram.words("run"));
    var environment = environment(rehearsal.push("Say hello", MAIN));
    environment.put("INPUT_DRY-RUN", "true");
    RehearsedRun run = RehearsedRun.of(words, environment);

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(run.logText())
        .containsSubsequence(
            DemoFlake.CROSS + ": 2 smoke commands",
            "by emulation of riscv64-linux",
            "$ hello",
            "Emulated: ",
            DemoFlake.CROSS + ": 2 smoke commands passed");
  }

  @Test
  void aPlatformThatNothingEmulatesHereIsRefusedBeforeTheBuild() throws IOException {
    StorePath before = board.currentSystem();
    rehearsal.write(
        "flake.nix",
        """
        {
          outputs = { self }: {
            nixosConfigurations.board-amd64.config = {
              nixpkgs.buildPlatform = "x86_64-linux";
              nixpkgs.hostPlatform = "vax-linux";
              system.build.toplevel = derivation {
                name = "never-built-%s";
                system = "x86_64-linux";
                builder = "/bin/false";
              };
            };
          };
        }
        """
            .formatted(UUID.randomUUID()));

    RehearsedRun run = run(rehearsal.push("Say hello", MAIN));

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(5);
    assertThat(run.logText())
        .contains("board-amd64 (vax-linux)", "x86_64-linux", "binfmt")
        .doesNotContain("Build:");
    assertThat(board.currentSystem()).isEqualTo(before);
  }

  private List<String> published() throws IOException {
    try (var files = Files.list(rehearsal.folder().resolve("cache"))) {
      return files
          .filter(file -> file.toString().endsWith(".narinfo"))
          .map(SmokeJobIT::read)
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private RehearsedRun run(GitRevision commit) throws IOException {
    return RehearsedRun.of(BuiltProgram.words("run"), environment(commit));
  }

  private Map<String, String> environment(GitRevision commit) throws IOException {
    return rehearsal.environment("push", rehearsal.pushPayload(commit, MAIN));
  }
}
