package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.pipeline.Rollout.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The order in which a plan's boards have their turns: environments go one after another, as do
 * their waves. Before each further wave the environment's pause is kept and the boards so far are
 * looked at again; when more of them failed than its policy allows, none has tried the system, or
 * there is something newer to be deployed, the rest is left alone. A board that was offline did not
 * fail, and has tried nothing.
 */
final class Waves {
  private static final int NAMED = 3;

  private final Steps steps;
  private final Consumer<BoardResult> each;

  /** What is done in a wave and between two. */
  interface Steps {
    /** Deploys to the boards of one wave; one result for each, in this order. */
    List<BoardResult> deploy(List<Job> wave);

    /**
     * Waits, watching what was deployed.
     *
     * @throws InterruptedException if the run is cancelled meanwhile
     */
    void pause(Duration time) throws InterruptedException;

    /** Why the rest is left to another run; empty where it is not. */
    Optional<String> superseded();

    /**
     * Looks again at boards that reached their system.
     *
     * @return those with which something is amiss, their results now FAILED or SUPERSEDED
     */
    List<Turn> lookAgain(List<Turn> reached);
  }

  /** A board that had its turn. */
  record Turn(Job job, BoardResult result) {}

  /** What becomes of the boards whose turn does not come. */
  private record Stop(FailureCode code, String why) {}

  /**
   * @param steps what is done
   * @param each told of the boards that have no turn, and of those that are no longer well
   */
  Waves(Steps steps, Consumer<BoardResult> each) {
    this.steps = steps;
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
    var turns = new ArrayList<Turn>();
    Optional<Stop> stop = Optional.empty();
    for (List<Job> wave : waves) {
      if (stop.isEmpty() && !turns.isEmpty()) {
        stop = between(environment, turns);
      }
      List<BoardResult> results = stop.map(s -> leave(wave, s)).orElseGet(() -> steps.deploy(wave));
      for (int i = 0; i < wave.size(); i++) {
        turns.add(new Turn(wave.get(i), results.get(i)));
      }
    }
    return turns.stream().map(Turn::result).toList();
  }

  /** Finds out whether the next wave may begin. */
  private Optional<Stop> between(EnvironmentPolicy environment, List<Turn> turns) {
    Optional<Stop> stop = failures(environment, turns).or(() -> untried(turns));
    if (stop.isPresent()) {
      return stop;
    }
    Duration pause = environment.wavePause();
    if (pause.isPositive() && lastWaveChangedSomething(turns)) {
      try {
        steps.pause(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    stop = cancelled().or(() -> steps.superseded().map(Waves::superseded));
    if (stop.isPresent() || pause.isZero()) {
      return stop;
    }
    List<Turn> amiss =
        steps.lookAgain(turns.stream().filter(t -> t.result().outcome().reached()).toList());
    for (Turn now : amiss) {
      turns.replaceAll(turn -> turn.job().equals(now.job()) ? now : turn);
      each.accept(now.result());
    }
    return cancelled()
        .or(() -> given(amiss))
        .or(() -> failures(environment, turns))
        .or(() -> untried(turns));
  }

  // where nothing is new there is nothing to watch; it is looked at all the same
  private static boolean lastWaveChangedSomething(List<Turn> turns) {
    int last = turns.getLast().job().planned().wave();
    return turns.stream()
        .filter(turn -> turn.job().planned().wave() == last)
        .anyMatch(turn -> turn.result().outcome() == Outcome.DEPLOYED);
  }

  private static Optional<Stop> cancelled() {
    return Thread.currentThread().isInterrupted()
        ? Optional.of(new Stop(FailureCode.CANCELLED, "the run was cancelled before its turn came"))
        : Optional.empty();
  }

  private static Stop superseded(String why) {
    return new Stop(FailureCode.MOVED_ON, "not begun, there is something newer: " + why);
  }

  private static Optional<Stop> given(List<Turn> amiss) {
    return amiss.stream()
        .map(Turn::result)
        .filter(result -> result.outcome() == Outcome.SUPERSEDED)
        .findFirst()
        .map(result -> superseded(result.board() + ": " + result.message()));
  }

  private static Optional<Stop> failures(EnvironmentPolicy environment, List<Turn> turns) {
    var failed = turns.stream().map(Turn::result).filter(r -> failed(r.outcome())).toList();
    if (failed.size() <= environment.maxFailures()) {
      return Optional.empty();
    }
    return Optional.of(
        new Stop(
            FailureCode.SKIPPED,
            "not begun, for of an earlier wave failed %s, and max-failures is %d"
                .formatted(named(failed), environment.maxFailures())));
  }

  /** Whether the first ones, which are to try it for the others, did not. */
  private static Optional<Stop> untried(List<Turn> turns) {
    List<BoardResult> results = turns.stream().map(Turn::result).toList();
    if (results.stream().anyMatch(result -> result.outcome().reached())) {
      return Optional.empty();
    }
    boolean laterPerhaps = results.stream().allMatch(result -> result.outcome().isPutOff());
    return Optional.of(
        new Stop(
            laterPerhaps ? FailureCode.UNTRIED : FailureCode.SKIPPED,
            "not begun, for no board of an earlier wave has tried the system: " + named(results)));
  }

  private static String named(List<BoardResult> results) {
    String first =
        results.stream()
            .limit(NAMED)
            .map(r -> "%s (%s)".formatted(r.board(), r.outcome().label()))
            .collect(Collectors.joining(", "));
    int more = results.size() - NAMED;
    return more > 0 ? first + " and %d more".formatted(more) : first;
  }

  private static boolean failed(Outcome outcome) {
    return !outcome.reached() && !outcome.isPutOff() && outcome != Outcome.SKIPPED;
  }

  private List<BoardResult> leave(List<Job> wave, Stop stop) {
    return wave.stream()
        .map(job -> untouched(job.planned(), stop.code(), stop.why()))
        .peek(each)
        .toList();
  }

  /** The result of a board whose turn did not come. */
  static BoardResult untouched(Plan.PlannedBoard planned, FailureCode code, String why) {
    return new BoardResult(planned.board().name(), planned.action(), code, why);
  }
}
