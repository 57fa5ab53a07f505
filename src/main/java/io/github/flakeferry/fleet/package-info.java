/**
 * The policy, {@code flakeferry.yml}: boards with tags, environments, caches. {@link
 * io.github.flakeferry.fleet.PolicyReader} reads it and tells all of its faults at once.
 */
@NullMarked
package io.github.flakeferry.fleet;

import org.jspecify.annotations.NullMarked;
