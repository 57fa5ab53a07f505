package io.github.flakeferry.pipeline;

import io.github.flakeferry.forge.CheckConclusion;
import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.Outcome;
import java.util.List;
import java.util.Optional;

/** Outcomes in the words of forges. */
final class States {
  private States() {}

  static StatusState status(Outcome outcome) {
    return switch (outcome) {
      case DEPLOYED, UNCHANGED -> StatusState.SUCCESS;
      case DEFERRED, WAITING -> StatusState.WAITING;
      case IN_DOUBT, CANCELLED -> StatusState.ERROR;
      case ROLLED_BACK, REFUSED, FAILED, BUSY, SUPERSEDED, SKIPPED -> StatusState.FAILURE;
    };
  }

  /** The sum of several: the worst one. */
  static StatusState status(List<BoardResult> results) {
    List<StatusState> all = results.stream().map(r -> status(r.outcome())).toList();
    return List.of(StatusState.FAILURE, StatusState.ERROR, StatusState.WAITING).stream()
        .filter(all::contains)
        .findFirst()
        .orElse(StatusState.SUCCESS);
  }

  /** A deployment for which all boards wait is none yet; the run that goes on makes its own. */
  static DeploymentState deployment(List<BoardResult> results) {
    return switch (status(results)) {
      case SUCCESS -> DeploymentState.SUCCESS;
      case FAILURE -> DeploymentState.FAILURE;
      case ERROR -> DeploymentState.ERROR;
      case PENDING, WAITING ->
          results.stream().anyMatch(r -> r.outcome().reached())
              ? DeploymentState.SUCCESS
              : DeploymentState.INACTIVE;
    };
  }

  static CheckConclusion check(Verdict verdict) {
    Optional<FailureReason> reason = verdict.reason();
    if (reason.isPresent()) {
      return CheckConclusion.FAILURE;
    }
    return switch (verdict.outcome()) {
      case "deferred", "nothing-to-do" -> CheckConclusion.NEUTRAL;
      default -> CheckConclusion.SUCCESS;
    };
  }
}
