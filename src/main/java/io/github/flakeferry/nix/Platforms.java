package io.github.flakeferry.nix;

import io.github.flakeferry.model.SystemPlatform;

/**
 * What a configuration is built on and what it runs on.
 *
 * @param build of the builders that its derivations ask for
 * @param host of the board
 */
public record Platforms(SystemPlatform build, SystemPlatform host) {}
