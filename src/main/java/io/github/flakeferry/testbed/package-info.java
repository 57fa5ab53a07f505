/**
 * A bed for tests and for the demo: boards with real systemd, OpenSSH and Nix in namespaces of this
 * machine, a flake to deploy to them, and a binary cache.
 */
@NullMarked
package io.github.flakeferry.testbed;

import org.jspecify.annotations.NullMarked;
