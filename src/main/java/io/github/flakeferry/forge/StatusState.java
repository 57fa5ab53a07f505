package io.github.flakeferry.forge;

/** The state of a commit status. */
public enum StatusState {
  /** A run is at it, and will say how it ended. */
  PENDING,
  /** No run is at it: a later one goes on with it, when a board is free or there again. */
  WAITING,
  SUCCESS,
  /** What was asked for did not come about. */
  FAILURE,
  /** It can't be told: the run itself went wrong or was cancelled, or the board is in doubt. */
  ERROR
}
