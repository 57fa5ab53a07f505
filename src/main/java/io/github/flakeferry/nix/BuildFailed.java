package io.github.flakeferry.nix;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.StorePath;
import java.util.List;

/** Something did not build. All that failed is told: Nix goes on with what it can. */
public final class BuildFailed extends Failure {
  private final List<FailedDerivation> failed;
  private final List<String> details;

  /**
   * One that failed.
   *
   * @param cause what Nix says of it: "exit code 2"
   * @param lastLines the end of its log, at most 100 lines
   */
  public record FailedDerivation(StorePath derivation, String cause, List<String> lastLines) {
    public FailedDerivation {
      lastLines = List.copyOf(lastLines);
    }

    /** Whether it took longer than it may, or was silent for too long. */
    boolean timedOut() {
      return cause.startsWith("timed out");
    }
  }

  /**
   * @param code whether it is the disk's fault or the build's
   */
  BuildFailed(
      FailureCode code,
      List<FailedDerivation> failed,
      String message,
      String advice,
      List<String> details) {
    super(code, message, advice);
    this.failed = List.copyOf(failed);
    this.details = List.copyOf(details);
  }

  /** In the order in which they failed; empty where Nix failed before it built anything. */
  public List<FailedDerivation> failed() {
    return failed;
  }

  /** The ends of their logs. */
  @Override
  public List<String> details() {
    return details;
  }
}
