package io.github.flakeferry.model.terms;

/** How a board comes to the store paths that it lacks. */
public enum TransferMode {
  /** It substitutes what it can within a short deadline, and is sent the rest, the quickest way. */
  AUTO,
  /**
   * It is sent all over the SSH connection, as differences to what it has wherever that is
   * possible, and asks no cache.
   */
  DELTA,
  /** It is sent all over the SSH connection as it is, and asks no cache. */
  STREAM,
  /** It substitutes all from its caches; what no cache gives it is an error. */
  SUBSTITUTE
}
