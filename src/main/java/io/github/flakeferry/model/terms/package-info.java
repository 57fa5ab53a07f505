/** How a board is to be treated while it is brought to a system: what the policy says of that. */
@org.jspecify.annotations.NullMarked
package io.github.flakeferry.model.terms;
