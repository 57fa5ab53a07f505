package io.github.flakeferry.model;

/** What became of a board. */
public enum Outcome {
  DEPLOYED,
  UNCHANGED,
  ROLLED_BACK,
  REFUSED,
  FAILED,
  BUSY,
  /** It was offline, or so were all that were to try the system first. */
  DEFERRED,
  /** No board is free or there: a pull request waits for one. */
  WAITING,
  SUPERSEDED,
  /** The link was lost for good after the activation had begun. */
  IN_DOUBT,
  CANCELLED,
  SKIPPED;

  /** Whether the board runs what it should. */
  public boolean reached() {
    return this == DEPLOYED || this == UNCHANGED;
  }

  /** Whether a later run goes on with it, and nothing has failed. */
  public boolean isPutOff() {
    return this == DEFERRED || this == WAITING;
  }

  /** {@code rolled back} and the like. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
