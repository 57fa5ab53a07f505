package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.report.Headline;
import io.github.flakeferry.report.RunReport;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a run has come to so far. For any number of threads. */
final class Findings {
  private final Optional<URI> runUrl;
  private final Clock clock;
  private final List<String> warnings = new ArrayList<>();
  private final Map<BoardName, BoardResult> results = new TreeMap<>();
  private final Map<BoardName, ClosureDifference> changes = new TreeMap<>();
  private Plan plan = new Plan.Nothing("");

  Findings(Optional<URI> runUrl, Clock clock) {
    this.runUrl = runUrl;
    this.clock = clock;
  }

  synchronized void planned(Plan made) {
    plan = made;
  }

  synchronized Plan plan() {
    return plan;
  }

  synchronized void warned(String warning) {
    warnings.add(warning);
  }

  synchronized void found(BoardResult result, Optional<ClosureDifference> difference) {
    results.put(result.board(), result);
    difference.ifPresent(d -> changes.put(result.board(), d));
  }

  /** In the order of their boards' names. */
  synchronized List<BoardResult> results() {
    return List.copyOf(results.values());
  }

  /** All of it as a report, at its end or before. */
  RunReport report(String headline, Optional<Failure> problem) {
    return report(environments(), headline, results(), problem);
  }

  /** Some of it as a report. */
  synchronized RunReport report(
      List<String> environments,
      String headline,
      List<BoardResult> about,
      Optional<Failure> problem) {
    var report =
        new RunReport(
            environments,
            headline,
            plan.commit(),
            runUrl,
            about,
            Map.copyOf(changes),
            List.copyOf(warnings),
            problem,
            clock.instant());
    return Loans.of(plan, about, clock.instant()).map(report::lending).orElse(report);
  }

  synchronized String headline(Verdict verdict, Optional<Failure> problem) {
    return switch (plan) {
      case Plan.Nothing(var why) when problem.isEmpty() -> "nothing to do: " + why;
      case Plan.BuildOnly(var source, var configurations, var _, var why) when problem.isEmpty() ->
          "built, not deployed: " + why;
      case Plan.GiveBack _ when results.isEmpty() && problem.isEmpty() -> "needs no board any more";
      default ->
          results.isEmpty() && problem.isPresent()
              ? Headline.of(problem.get())
              : results.isEmpty() ? verdict.outcome() : Headline.of(results());
    };
  }

  private List<String> environments() {
    return switch (plan()) {
      case Plan.Deploy(var source, var boards, var _, var _) ->
          boards.stream().map(b -> b.environment().name()).distinct().toList();
      case Plan.Preview preview -> names(preview.pools());
      case Plan.GiveBack giveBack -> names(giveBack.pools());
      case Plan.Sweep sweep -> names(sweep.pools());
      case Plan.Nothing nothing -> List.of();
      case Plan.BuildOnly buildOnly -> List.of();
    };
  }

  private static List<String> names(List<Plan.Pool> pools) {
    return pools.stream().map(p -> p.environment().name()).toList();
  }
}
