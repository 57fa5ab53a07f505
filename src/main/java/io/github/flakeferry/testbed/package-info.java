/**
 * Stand-ins for what a run meets in the world: boards, caches and a forge, on this machine alone.
 */
@NullMarked
package io.github.flakeferry.testbed;

import org.jspecify.annotations.NullMarked;
