/**
 * {@code flakeferry init}: from a flake and a board to the files that deploy one to the other.
 * Looks at both, asks what it can't know, and writes nothing over.
 */
@NullMarked
package io.github.flakeferry.pipeline.setup;

import org.jspecify.annotations.NullMarked;
