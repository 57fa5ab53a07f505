/**
 * What the forges have in common whose runners set GitHub's variables and take its workflow
 * commands: the event from its file, commit statuses and comments by REST, the summary, outputs and
 * log by the files and commands of the runner. In what they differ is a {@link
 * io.github.flakeferry.forge.actions.Dialect}.
 */
@NullMarked
package io.github.flakeferry.forge.actions;

import org.jspecify.annotations.NullMarked;
