/**
 * HTTP requests that keep a credential on its own host, wait when they are told to, and give up in
 * time.
 */
@NullMarked
package io.github.flakeferry.support.http;

import org.jspecify.annotations.NullMarked;
