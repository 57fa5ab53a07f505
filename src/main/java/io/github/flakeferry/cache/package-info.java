/** Binary caches: narinfo, compression, signatures, and one class for each kind of cache. */
@NullMarked
package io.github.flakeferry.cache;

import org.jspecify.annotations.NullMarked;
