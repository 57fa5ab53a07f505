package io.github.flakeferry.cache;

/** What became of a path that was to be published. */
enum PathEnd {
  UPLOADED,
  /** The cache had it. */
  PRESENT,
  /** Another cache has it that all readers read from. */
  UPSTREAM,
  /** It is not there: it failed, or something that it refers to, or there was no more time. */
  LEFT,
  /** The same, for a reason that may pass: it is worth another try when all else is done. */
  POSTPONED;

  /** Whether a reader of the cache gets it, so that what refers to it may appear. */
  boolean isThere() {
    return this != LEFT && this != POSTPONED;
  }
}
