/** What happens, as events; terminal, CI log and JSON are renderers of the same events. */
@NullMarked
package io.github.flakeferry.support.progress;

import org.jspecify.annotations.NullMarked;
