package io.github.flakeferry.nix;

import io.github.flakeferry.model.StorePath;

/**
 * Something that a derivation makes.
 *
 * @param fixed whether its content was known before, as that of a source that is fetched
 */
public record Output(StorePath path, boolean fixed) {}
