/** What every adapter needs and none of them is about. */
@NullMarked
package io.github.flakeferry.support;

import org.jspecify.annotations.NullMarked;
