/** GitHub: what only it has a place for, and how it wants to be asked. */
@NullMarked
package io.github.flakeferry.forge.github;

import org.jspecify.annotations.NullMarked;
