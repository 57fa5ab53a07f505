/** The flake's repository: the policy of its default branch, and the checkout of one commit. */
@NullMarked
package io.github.flakeferry.source;

import org.jspecify.annotations.NullMarked;
