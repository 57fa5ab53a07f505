/** Lines that live on a terminal, drawn by JLine. */
@NullMarked
package io.github.flakeferry.cli.terminal;

import org.jspecify.annotations.NullMarked;
