package io.github.flakeferry.model;

/** What became of a board. */
public enum Outcome {
  DEPLOYED,
  UNCHANGED,
  ROLLED_BACK,
  REFUSED,
  FAILED,
  BUSY,
  /** It was offline. */
  DEFERRED,
  SUPERSEDED,
  /** The link was lost for good after the activation had begun. */
  IN_DOUBT,
  CANCELLED,
  SKIPPED;

  /** Whether the board runs what it should. */
  public boolean reached() {
    return this == DEPLOYED || this == UNCHANGED;
  }

  /** {@code rolled back} and the like. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
