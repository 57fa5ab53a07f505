/** The commands, the exit codes, and the one place that prints a failure and what to do next. */
@NullMarked
package io.github.flakeferry.cli;

import org.jspecify.annotations.NullMarked;
