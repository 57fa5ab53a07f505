/** Nix's archive format, written straight from the file system. */
@NullMarked
package io.github.flakeferry.support.nar;

import org.jspecify.annotations.NullMarked;
