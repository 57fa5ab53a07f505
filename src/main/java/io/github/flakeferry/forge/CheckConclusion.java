package io.github.flakeferry.forge;

/** How a check of a commit ended. */
public enum CheckConclusion {
  SUCCESS,
  FAILURE,
  /** Nothing was done, and nothing is wrong with it. */
  NEUTRAL,
  CANCELLED
}
