/**
 * Checked values that all packages share: store paths, platforms, revisions, keys, addresses,
 * events, outcomes.
 */
@NullMarked
package io.github.flakeferry.model;

import org.jspecify.annotations.NullMarked;
