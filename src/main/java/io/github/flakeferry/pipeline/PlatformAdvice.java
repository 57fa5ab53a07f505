package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.Emulation;

/** What to do where nothing here builds for a platform. */
public final class PlatformAdvice {
  private PlatformAdvice() {}

  /**
   * The ways there are, the better one first.
   *
   * @param configuration that needs builders
   * @param platform of these
   * @param machine ours
   */
  public static String of(String configuration, SystemPlatform platform, SystemPlatform machine) {
    return """
        Let it cross-compile: nixpkgs.buildPlatform = "%s"; nixpkgs.hostPlatform = "%s"; \
        in the configuration itself, or in a variant of it named %s-from-%s, which is then taken \
        by itself. Or run the builders by emulation, slowly: emulate: true in the policy%s."""
        .formatted(
            machine,
            platform,
            configuration,
            machine.machine(),
            Emulation.runs(platform)
                ? ""
                : ", and a binfmt handler for %s. %s"
                    .formatted(platform, Emulation.advice(platform).replaceFirst("\\.$", "")));
  }
}
