package io.github.flakeferry.nix;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;

/**
 * A derivation that would have to be built, and by a machine that there is none of.
 *
 * @param platform what it says it needs to be built on
 */
public record ForeignDerivation(StorePath derivation, SystemPlatform platform) {}
