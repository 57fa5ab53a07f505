/**
 * All failures that arise while integration tests run, to be judged at the end by one test. Nothing
 * in the program knows of it: the classes in question tell of their objects because they are
 * changed while they are loaded.
 */
@NullMarked
package io.github.flakeferry.failures;

import org.jspecify.annotations.NullMarked;
