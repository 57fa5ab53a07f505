/** The main job on one machine, told as a story. */
@NullMarked
package io.github.flakeferry.cli.demo;

import org.jspecify.annotations.NullMarked;
