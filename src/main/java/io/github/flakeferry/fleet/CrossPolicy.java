package io.github.flakeferry.fleet;

/** Whether a configuration's cross-compiled variant is taken by itself. */
public enum CrossPolicy {
  /** Where {@code NAME-from-x86_64} is in the flake it is built in place of {@code NAME}. */
  AUTO,
  /** What a board names is what is built. */
  OFF
}
