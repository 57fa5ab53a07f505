/**
 * GitHub, and what sets the same variables: the event from its file, commit statuses and comments
 * by REST, the summary, outputs and log by the files and commands of its runner.
 */
@NullMarked
package io.github.flakeferry.forge.github;

import org.jspecify.annotations.NullMarked;
