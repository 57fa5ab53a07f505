/** Gitea and Forgejo: how they want to be asked. */
@NullMarked
package io.github.flakeferry.forge.gitea;

import org.jspecify.annotations.NullMarked;
