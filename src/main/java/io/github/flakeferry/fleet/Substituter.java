package io.github.flakeferry.fleet;

import io.github.flakeferry.model.PublicKey;
import java.net.URI;
import java.util.OptionalInt;

/**
 * A cache of somebody else's, from which builds take what they need.
 *
 * @param publicKey what it has signed is taken
 * @param priority as for {@link CachePolicy}
 */
public record Substituter(URI url, PublicKey publicKey, OptionalInt priority) {}
