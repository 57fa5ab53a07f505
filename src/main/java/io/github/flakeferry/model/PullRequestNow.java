package io.github.flakeferry.model;

/**
 * A pull request as the forge has it now, which may be long after an event.
 *
 * @param open whether it is neither closed nor merged
 */
public record PullRequestNow(PullRequest request, boolean open) {}
