/**
 * Nix: evaluate a flake's configurations, build them with their progress as events, ask the store,
 * tell what differs between two closures. Works with Nix 2.8 and later.
 */
@NullMarked
package io.github.flakeferry.nix;

import org.jspecify.annotations.NullMarked;
