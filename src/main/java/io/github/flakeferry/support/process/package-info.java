/**
 * Child processes: both streams drained, the environment chosen, an exit code kept apart from a
 * signal.
 */
@NullMarked
package io.github.flakeferry.support.process;

import org.jspecify.annotations.NullMarked;
