package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.CrossPolicy;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.Platforms;
import java.util.HashSet;
import java.util.Optional;

/** How a machine of the forge builds what a board runs. */
sealed interface CrossVariant {
  /** Of the machines that workflows run on. */
  SystemPlatform MACHINE = new SystemPlatform("x86_64-linux");

  /** It builds the configuration itself. */
  record NotNeeded() implements CrossVariant {}

  /** It builds this one in place of the board's. */
  record Found(String name) implements CrossVariant {}

  /** It would build this one if the board named it. */
  record Unnamed(String name) implements CrossVariant {}

  /**
   * There is none yet.
   *
   * @param configuration that is built on the board's own platform
   * @param cross whether one is then taken by itself
   */
  record Missing(String configuration, SystemPlatform platform, CrossPolicy cross)
      implements CrossVariant {
    /** What makes one, for flake.nix. */
    String lines() {
      return """
      %4$s = self.nixosConfigurations.%1$s.extendModules {
        modules = [
          {
            nixpkgs.buildPlatform = "%2$s";
            nixpkgs.hostPlatform = "%3$s"; # in place of `system = …`
          }
        ];
      };
      """
          .formatted(
              attribute(configuration),
              MACHINE,
              platform,
              attribute(configuration + "-from-" + MACHINE.machine()));
    }

    // as Nix wants it where it is no plain word
    private static String attribute(String name) {
      return name.matches("[A-Za-z_][A-Za-z0-9_'-]*") ? name : "\"" + name + "\"";
    }
  }

  /** Looks for it; absent where the configuration can't be evaluated. */
  static Optional<CrossVariant> of(FlakeLook flake, String configuration, CrossPolicy cross) {
    return flake.platforms(configuration).map(own -> of(flake, configuration, own, cross));
  }

  private static CrossVariant of(
      FlakeLook flake, String configuration, Platforms own, CrossPolicy cross) {
    if (own.build().equals(MACHINE)) {
      return new NotNeeded();
    }
    String variant = CrossPolicy.AUTO.variant(configuration, new HashSet<>(flake.names()), MACHINE);
    Optional<Platforms> there = flake.platforms(variant);
    if (there.filter(p -> p.equals(new Platforms(MACHINE, own.host()))).isEmpty()) {
      return new Missing(configuration, own.host(), cross);
    }
    return switch (cross) {
      case AUTO -> new Found(variant);
      case OFF -> new Unnamed(variant);
    };
  }
}
