package io.github.flakeferry.fleet;

/** Whose builds a cache takes. */
public enum Audience {
  /** Everything but pull requests: what production boards trust. */
  TRUSTED,
  /** Pull requests and nothing else, with a key that production boards don't trust. */
  PULL_REQUESTS
}
