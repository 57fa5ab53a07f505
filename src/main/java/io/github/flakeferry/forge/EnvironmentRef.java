package io.github.flakeferry.forge;

import java.util.Optional;

/**
 * An environment as a forge shows it.
 *
 * @param name as the policy calls it
 * @param pullRequest whose own it is, as long as it is open; absent where it stays
 */
public record EnvironmentRef(String name, Optional<Long> pullRequest) {}
