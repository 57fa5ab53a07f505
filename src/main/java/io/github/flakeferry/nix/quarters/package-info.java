/**
 * Users of their own for what comes from a flake, apart from the process that has the keys. Only in
 * the image, where they were made for that, and where nobody else is.
 */
@NullMarked
package io.github.flakeferry.nix.quarters;

import org.jspecify.annotations.NullMarked;
