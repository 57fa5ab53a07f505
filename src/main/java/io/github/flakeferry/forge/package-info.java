/** Where a run comes from and where it reports to: the event in, the report out. */
@NullMarked
package io.github.flakeferry.forge;

import org.jspecify.annotations.NullMarked;
