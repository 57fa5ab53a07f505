package io.github.flakeferry.nix;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;

/**
 * What a configuration evaluates to.
 *
 * @param configuration its name in the flake's {@code nixosConfigurations}
 * @param derivation how the system is built
 * @param toplevel where it will be once it is built
 * @param buildPlatform what compiles it
 * @param hostPlatform what runs it
 */
public record EvaluatedSystem(
    String configuration,
    StorePath derivation,
    StorePath toplevel,
    SystemPlatform buildPlatform,
    SystemPlatform hostPlatform) {}
