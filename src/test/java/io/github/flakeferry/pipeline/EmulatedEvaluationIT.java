package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.Emulation;
import io.github.flakeferry.nix.EvaluationFailed;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flake whose evaluation builds something on the board's platform, with the real Nix. */
final class EmulatedEvaluationIT {
  private static final NixSettings SETTINGS =
      NixSettings.DEFAULT.withOptions(
          Map.of("build-users-group", "", "sandbox", "false", "substituters", ""));
  private static final String HOST_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

  @TempDir private Path folder;

  private Systems evaluate(boolean emulate) {
    var nix = new Nix(SETTINGS, Progress.SILENT);
    var policy =
        PolicyReader.read(
            "flakeferry.yml",
            """
      cross: off
      emulate: %s
      boards:
        lab: { configuration: board, host: 192.0.2.1, host-key: "%s" }
      environments:
        production: { on: { push: main }, boards: lab }
      """
                .formatted(emulate, HOST_KEY));
    return Systems.evaluate(
        nix,
        nix.flakeOf(folder, Path.of(""), false),
        List.of("board"),
        List.of(),
        policy,
        SETTINGS,
        Progress.SILENT);
  }

  @Test
  void emulationCountsForWhatEvaluatingBuilds() throws IOException {
    assertThat(Emulation.runs(new SystemPlatform("riscv64-linux"))).isTrue();
    Files.writeString(
        folder.resolve("flake.nix"),
        """
      {
        outputs = { self }: {
          nixosConfigurations.board.config = {
            nixpkgs.hostPlatform = "x86_64-linux";
            nixpkgs.buildPlatform = "x86_64-linux";
            system.build.toplevel = derivation {
              name = "system";
              system = "x86_64-linux";
              builder = "/bin/sh";
              text = builtins.readFile (derivation {
                name = "generated";
                system = "riscv64-linux";
                builder = "/bin/sh";
                args = [ "-c" "echo %s >$out" ];
              });
            };
          };
        };
      }
      """
            .formatted(UUID.randomUUID()));

    var failed = catchThrowableOfType(EvaluationFailed.class, () -> evaluate(false));
    assertThat(failed.advice()).contains("emulate: true");
    assertThat(evaluate(true).all()).hasSize(1);
  }
}
