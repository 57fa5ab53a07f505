package io.github.flakeferry.forge;

import java.util.Arrays;
import java.util.Optional;

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

  /** The one with this label. */
  public static Optional<StatusState> of(String label) {
    return Arrays.stream(values()).filter(state -> state.label().equals(label)).findFirst();
  }
}
