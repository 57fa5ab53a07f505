package io.github.flakeferry.model;

/** Why a run did not end well: the {@code failure-reason} output and the exit code. */
public enum FailureReason {
  INTERNAL_ERROR(1),
  USAGE(2),
  CONFIG_INVALID(3),
  SOURCE_FAILED(4),
  EVALUATION_FAILED(5),
  BUILD_FAILED(6),
  PUBLISH_FAILED(7),
  DEPLOY_FAILED(8),
  PARTIALLY_DEPLOYED(9),
  ROLLED_BACK(10),
  REFUSED(11),
  BOARD_BUSY(12),
  SUPERSEDED(13);

  private final int exitCode;

  FailureReason(int exitCode) {
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }

  /** {@code evaluation-failed} and the like. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
