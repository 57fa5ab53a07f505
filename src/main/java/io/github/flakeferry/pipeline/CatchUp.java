package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.BoardFacts.Deployed;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.pipeline.Plan.PlannedBoard;
import io.github.flakeferry.support.progress.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the boards that missed what a push deployed. One that somebody rolled back on purpose did
 * not, nor one that went back from it by itself: it would do so again and again. Where a push may
 * still be on its way through the waves nobody did yet.
 */
final class CatchUp {
  // what a wave may take from its first board's new system to its last one's
  private static final Duration UNDER_WAY = Duration.ofMinutes(15);

  private final GitRevision commit;
  private final Told told;
  private final Guards.History history;
  private final Progress progress;

  // what the commit does by itself, whoever deploys it: a power cut or a lost runner is no such
  // thing
  private static final Set<FailureCode> OF_THE_COMMIT =
      Set.of(FailureCode.ACTIVATION, FailureCode.NOT_HEALTHY, FailureCode.NO_DEFAULT);

  /** What earlier runs have told of this commit. */
  interface Told {
    /** Whether one said that the board is still to get it. */
    boolean isAwaited(PlannedBoard board);

    /**
     * Whether one came to its end, and said that it did not go well there; true where what was told
     * is not known, as it may have been that.
     */
    boolean mayHaveFailed(PlannedBoard board);
  }

  /** A board that is there. */
  record Asked(PlannedBoard board, BoardFacts facts) {}

  /**
   * @param commit what was pushed or released
   * @param history knows which commits are newer than this one: who has such a one is not behind
   */
  CatchUp(GitRevision commit, Told told, Guards.History history, Progress progress) {
    this.commit = commit;
    this.told = told;
    this.history = history;
    this.progress = progress;
  }

  /**
   * The boards to deploy to. With one that is behind come those of its environment's waves that are
   * not: they are looked at before it has its turn. So do those that did not answer: what is told
   * of the environment is then told of them, too.
   *
   * @param silent boards that could not be asked
   */
  List<PlannedBoard> of(List<Asked> asked, List<PlannedBoard> silent) {
    var byEnvironment = new LinkedHashMap<String, List<Asked>>();
    for (Asked board : asked) {
      byEnvironment
          .computeIfAbsent(board.board().environment().name(), n -> new ArrayList<>())
          .add(board);
    }
    return byEnvironment.values().stream()
        .map(this::some)
        .filter(behind -> !behind.isEmpty())
        .flatMap(behind -> and(behind, silent))
        .toList();
  }

  private static Stream<PlannedBoard> and(List<PlannedBoard> behind, List<PlannedBoard> silent) {
    EnvironmentPolicy environment = behind.getFirst().environment();
    return Stream.concat(
        behind.stream(), silent.stream().filter(b -> b.environment().equals(environment)));
  }

  private List<PlannedBoard> some(List<Asked> all) {
    EnvironmentPolicy environment = all.getFirst().board().environment();
    List<Asked> boards = all.stream().filter(this::mayHaveMissedIt).toList();
    List<Asked> held = boards.stream().filter(this::isHeld).toList();
    held.forEach(
        one ->
            progress.note(
                "%s was rolled back by %s, and stays so until something new is deployed"
                    .formatted(
                        one.board().board().name(),
                        one.facts().deployed().map(Deployed::owner).orElseThrow())));
    List<Asked> back = boards.stream().filter(this::wentBack).toList();
    back.forEach(
        one ->
            progress.note(
                ("%s went back from %s, and is left alone until something new is deployed, or the"
                        + " run for that is started again")
                    .formatted(one.board().board().name(), commit.abbreviated())));
    if (environment.waves().size() > 1 && back.size() > environment.maxFailures()) {
      progress.note(
          "%s: left alone with all its waves, as more boards went back than max-failures allows"
              .formatted(environment.name()));
      return List.of();
    }
    List<Asked> left =
        boards.stream()
            .filter(one -> !held.contains(one) && !back.contains(one) && !hasNewer(one))
            .toList();
    List<Asked> behind = left.stream().filter(one -> !hasIt(one)).toList();
    if (behind.isEmpty() || environment.waves().size() == 1) {
      return behind.stream().map(Asked::board).toList();
    }
    Optional<Asked> recent =
        left.stream().filter(one -> gotItJustNow(one, environment)).findFirst();
    recent.ifPresent(
        one ->
            progress.note(
                "%s: left to the next sweep, for a run may be under way: %s has just got %s"
                    .formatted(
                        environment.name(), one.board().board().name(), commit.abbreviated())));
    return recent.isPresent() ? List.of() : left.stream().map(Asked::board).toList();
  }

  // of what is only tried nothing stays on the board that would tell
  private boolean mayHaveMissedIt(Asked one) {
    return switch (one.board().action()) {
      case SWITCH, BOOT, GIVE_BACK -> true;
      case TEST, DRY_ACTIVATE -> told.isAwaited(one.board());
    };
  }

  private boolean hasIt(Asked one) {
    return there(one).filter(commit::equals).isPresent();
  }

  private boolean hasNewer(Asked one) {
    return there(one).filter(it -> !it.equals(commit) && history.isNewer(it)).isPresent();
  }

  /**
   * The commit that was deployed there last, unless somebody has put something else there since.
   */
  private static Optional<GitRevision> there(Asked one) {
    BoardFacts facts = one.facts();
    Optional<StorePath> system =
        one.board().action() == BoardAction.BOOT ? facts.profile() : facts.current();
    return facts
        .deployed()
        .filter(deployed -> system.equals(Optional.of(deployed.system())))
        .flatMap(Deployed::commit);
  }

  /** Whether it runs what it was rolled back to: that has no commit. */
  private boolean isHeld(Asked one) {
    Optional<StorePath> current = one.facts().current();
    return one.facts()
            .deployed()
            .filter(there -> there.commit().isEmpty())
            .filter(there -> current.equals(Optional.of(there.system())))
            .isPresent()
        && !told.isAwaited(one.board());
  }

  /**
   * Whether it has tried this commit last, and undone it for what the commit is. Where nobody
   * confirmed it that may have been the runner's end as well: unless a run lived to tell, or nobody
   * knows whether one did.
   */
  private boolean wentBack(Asked one) {
    return one.facts()
            .lastRun()
            .filter(run -> run.commit().equals(commit.value()))
            .flatMap(BoardFacts.LastRun::wentBack)
            .filter(
                why ->
                    OF_THE_COMMIT.contains(why)
                        || (why == FailureCode.NOT_CONFIRMED && told.mayHaveFailed(one.board())))
            .isPresent()
        && !hasIt(one)
        && !told.isAwaited(one.board());
  }

  /** By the board's own clock alone; one that was put back since tells nothing. */
  private boolean gotItJustNow(Asked one, EnvironmentPolicy environment) {
    return one.facts()
        .deployed()
        .filter(there -> there.commit().equals(Optional.of(commit)))
        .map(there -> Duration.between(there.since(), one.facts().clock()))
        .filter(age -> !age.isNegative())
        .filter(age -> age.compareTo(environment.wavePause().plus(UNDER_WAY)) < 0)
        .isPresent();
  }
}
