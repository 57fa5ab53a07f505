package io.github.flakeferry.forge;

/** The state of a commit status. */
public enum StatusState {
  PENDING,
  SUCCESS,
  /** What was asked for did not come about. */
  FAILURE,
  /** It can't be told: the run itself went wrong, or the board is in doubt. */
  ERROR;

  /** {@code pending} and the like, as in the REST API. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
