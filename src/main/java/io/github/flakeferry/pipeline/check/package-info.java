/**
 * What may hinder a run on this machine, told before there is one. A {@link
 * io.github.flakeferry.pipeline.check.Check} looks at one thing, and changes nothing.
 */
@NullMarked
package io.github.flakeferry.pipeline.check;

import org.jspecify.annotations.NullMarked;
