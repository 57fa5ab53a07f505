package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.pipeline.Rollout.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The order in which a plan's boards have their turns: environments go one after another, as do
 * their waves; when more boards of an environment failed than its policy allows, its further waves
 * are skipped. A board that was offline did not fail.
 */
final class Waves {
  private final Function<List<Job>, List<BoardResult>> atOnce;
  private final Consumer<BoardResult> each;

  /**
   * @param atOnce deploys to the boards of one wave
   * @param each told of the boards that are skipped
   */
  Waves(Function<List<Job>, List<BoardResult>> atOnce, Consumer<BoardResult> each) {
    this.atOnce = atOnce;
    this.each = each;
  }

  /** One result for each job. */
  List<BoardResult> deploy(List<Job> jobs) {
    var byEnvironment = new LinkedHashMap<String, TreeMap<Integer, List<Job>>>();
    for (Job job : jobs) {
      byEnvironment
          .computeIfAbsent(job.planned().environment().name(), n -> new TreeMap<>())
          .computeIfAbsent(job.planned().wave(), n -> new ArrayList<>())
          .add(job);
    }
    var results = new ArrayList<BoardResult>();
    for (var waves : byEnvironment.values()) {
      results.addAll(environment(List.copyOf(waves.values())));
    }
    return results;
  }

  private List<BoardResult> environment(List<List<Job>> waves) {
    EnvironmentPolicy environment = waves.getFirst().getFirst().planned().environment();
    var results = new ArrayList<BoardResult>();
    for (List<Job> wave : waves) {
      long failures = results.stream().filter(r -> failed(r.outcome())).count();
      results.addAll(failures > environment.maxFailures() ? skip(wave) : atOnce.apply(wave));
    }
    return results;
  }

  private static boolean failed(Outcome outcome) {
    return !outcome.reached() && outcome != Outcome.DEFERRED && outcome != Outcome.SKIPPED;
  }

  private List<BoardResult> skip(List<Job> wave) {
    return wave.stream()
        .map(
            job ->
                untouched(
                    job.planned(), Outcome.SKIPPED, "too many boards of an earlier wave failed"))
        .peek(each)
        .toList();
  }

  /** The result of a board whose turn did not come. */
  static BoardResult untouched(Plan.PlannedBoard planned, Outcome outcome, String why) {
    return new BoardResult(
        planned.board().name(),
        planned.action(),
        outcome,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        0,
        why);
  }
}
