package io.github.flakeferry.forge;

/** How far a commit is on its way to an environment, in the order of a run. */
public enum DeploymentState {
  /** Planned; no board has been begun yet. */
  QUEUED,
  /** The first board is begun. */
  IN_PROGRESS,
  SUCCESS,
  FAILURE,
  /** It can't be told: the run was cancelled, or a board is in doubt. */
  ERROR,
  /** The environment has it no more, or has not got it yet. */
  INACTIVE
}
