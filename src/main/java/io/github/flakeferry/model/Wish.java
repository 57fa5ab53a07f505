package io.github.flakeferry.model;

import java.util.Optional;

/**
 * What somebody asked for who started a run by hand. It chooses within the policy.
 *
 * @param environment by its name
 * @param boards a selector
 * @param action what is done in place of what the policy says; only something milder
 * @param ref a branch, a tag or a full commit; absent: where the workflow was started
 * @param pullRequest whose head is tried on a preview board
 * @param commit the pull request's head as whoever asked has seen it
 */
public record Wish(
    Optional<String> environment,
    Optional<String> boards,
    Optional<BoardAction> action,
    Optional<String> ref,
    Optional<Long> pullRequest,
    Optional<GitRevision> commit) {
  /** Nothing in particular. */
  public static final Wish NONE =
      new Wish(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
}
