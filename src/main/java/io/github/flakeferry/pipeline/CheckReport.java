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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The check of the commit that a run is about. Where there is nothing to do there is none: it would
 * take the place of what an earlier run found out about the same commit.
 */
final class CheckReport {
  private static final int LONGEST_PART = 80;

  private final Forge forge;
  private final String name;
  private Optional<GitRevision> commit;

  /**
   * @param narrowing what this run leaves to others, which have checks of the same commit
   */
  CheckReport(Forge forge, Narrowing narrowing) {
    this.forge = forge;
    this.name = name(narrowing);
    // as long as there is no plan, what goes wrong is the event's
    this.commit =
        forge.event() instanceof Event.Scheduled ? Optional.empty() : forge.event().about();
  }

  private static String name(Narrowing narrowing) {
    String parts =
        Stream.concat(
                narrowing.environment().stream(), narrowing.boards().stream().map(Object::toString))
            .map(part -> Reported.shortened(part, LONGEST_PART))
            .collect(Collectors.joining(": "));
    return parts.isEmpty() ? "flakeferry" : "flakeferry (" + parts + ")";
  }

  void planned(Plan plan) {
    commit =
        switch (plan) {
          case Plan.Deploy _, Plan.Preview _, Plan.BuildOnly _ -> plan.commit();
          case Plan.GiveBack _, Plan.Sweep _, Plan.Nothing _ -> Optional.empty();
        };
    commit.ifPresent(c -> forge.checkBegun(c, name, "under way"));
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
                name,
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
