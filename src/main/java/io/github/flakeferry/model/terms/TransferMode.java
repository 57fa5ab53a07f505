package io.github.flakeferry.model.terms;

/** How a board comes to the store paths that it lacks. */
public enum TransferMode {
  /** It substitutes what it can within a short deadline, and is sent the rest. */
  AUTO,
  /** It substitutes all from its caches; what no cache gives it is an error. */
  SUBSTITUTE,
  /** It is sent all over the SSH connection, and asks no cache. */
  STREAM
}
