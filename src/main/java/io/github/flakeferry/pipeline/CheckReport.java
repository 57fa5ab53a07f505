package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.PolicyInvalid;
import io.github.flakeferry.forge.CheckConclusion;
import io.github.flakeferry.forge.CheckResult;
import io.github.flakeferry.forge.CheckResult.Annotation;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.nix.EvaluationFailed;
import java.util.List;
import java.util.Optional;

/**
 * The check of the commit that a run is about. Where there is nothing to do there is none: it would
 * take the place of what an earlier run found out about the same commit.
 */
final class CheckReport {
  private final Forge forge;
  private Optional<GitRevision> commit;

  CheckReport(Forge forge) {
    this.forge = forge;
    // as long as there is no plan, what goes wrong is the event's
    this.commit =
        forge.event() instanceof Event.Scheduled ? Optional.empty() : forge.event().about();
  }

  void planned(Plan plan) {
    commit =
        switch (plan) {
          case Plan.Deploy _, Plan.Preview _, Plan.BuildOnly _ -> plan.commit();
          case Plan.GiveBack _, Plan.Sweep _, Plan.Nothing _ -> Optional.empty();
        };
    commit.ifPresent(c -> forge.checkBegun(c, "under way"));
  }

  /** There will be none. */
  void leaveOut() {
    commit = Optional.empty();
  }

  void finish(
      CheckConclusion conclusion, String headline, String summary, Optional<Failure> problem) {
    commit.ifPresent(
        c ->
            forge.checkEnded(
                c,
                new CheckResult(
                    conclusion,
                    headline,
                    summary,
                    problem.map(CheckReport::annotations).orElse(List.of()))));
  }

  private static List<Annotation> annotations(Failure failure) {
    return switch (failure) {
      case PolicyInvalid invalid ->
          invalid.faults().stream()
              .map(f -> new Annotation(f.file(), f.line(), f.column(), f.message()))
              .toList();
      case EvaluationFailed evaluation ->
          evaluation.position().stream()
              .map(p -> new Annotation(p.file(), p.line(), p.column(), evaluation.problem()))
              .toList();
      default -> List.of();
    };
  }
}
