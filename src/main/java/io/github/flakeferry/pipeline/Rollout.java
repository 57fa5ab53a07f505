package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Deployment;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.support.progress.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Brings boards to their systems: wave by wave, within a wave all at once up to a bound. */
final class Rollout {
  private final Boards boards;
  private final int parallel;
  private final String owner;
  private final GitRevision commit;
  private final Guards guards;
  private final Progress progress;

  Rollout(
      Boards boards,
      int parallel,
      String owner,
      GitRevision commit,
      Guards guards,
      Progress progress) {
    this.boards = boards;
    this.parallel = parallel;
    this.owner = owner;
    this.commit = commit;
    this.guards = guards;
    this.progress = progress;
  }

  /** One planned board and its system. */
  record Job(Plan.PlannedBoard planned, Wanted.Incoming target) {}

  /**
   * Deploys to all boards of a plan, in their {@link Waves}.
   *
   * @param each told of every result as it comes, one at a time
   */
  List<BoardResult> deploy(List<Job> jobs, Consumer<BoardResult> each) {
    return new Waves(wave -> deployAtOnce(wave, each), each).deploy(jobs);
  }

  private List<BoardResult> deployAtOnce(List<Job> wave, Consumer<BoardResult> each) {
    return AtOnce.each(
        wave,
        parallel,
        job -> boards.deploy(deployment(job)),
        job ->
            Waves.untouched(job.planned(), Outcome.CANCELLED, "interrupted before its turn came"),
        result -> tell(result, each));
  }

  private synchronized void tell(BoardResult result, Consumer<BoardResult> each) {
    each.accept(result);
  }

  private Deployment deployment(Job job) {
    Plan.PlannedBoard planned = job.planned();
    return deployment(
        planned.board(), planned.environment(), planned.action(), job.target(), Optional.empty());
  }

  /** Tries the system on the pull request's board: its own one, else the first free one. */
  BoardResult preview(
      Plan.Pool pool, Function<BoardPolicy, Wanted.Incoming> targets, String lease) {
    var free = new ArrayList<BoardPolicy>();
    var held = new ArrayList<String>();
    for (BoardPolicy candidate : pool.boards()) {
      Optional<String> holder = holder(candidate, held);
      if (holder.isPresent() && holder.get().equals(lease)) {
        free.addFirst(candidate);
      } else if (holder.isEmpty()) {
        free.add(candidate);
      } else {
        held.add(candidate.name() + " is lent to " + holder.get());
      }
    }
    BoardResult last = busy(pool, held);
    for (BoardPolicy candidate : free) {
      last =
          boards.deploy(
              deployment(
                  candidate,
                  pool.environment(),
                  BoardAction.TEST,
                  targets.apply(candidate),
                  Optional.of(lease)));
      if (last.outcome() != Outcome.BUSY && last.outcome() != Outcome.DEFERRED) {
        return last;
      }
    }
    return last;
  }

  /** Gives back the boards that are the pull request's. */
  List<BoardResult> giveBack(Plan.Pool pool, String lease) {
    var unreachable = new ArrayList<String>();
    return pool.boards().stream()
        .filter(b -> holder(b, unreachable).filter(lease::equals).isPresent())
        .map(
            b ->
                boards.deploy(
                    deployment(
                        b,
                        pool.environment(),
                        BoardAction.GIVE_BACK,
                        new Wanted.OfProfile(),
                        Optional.of(lease))))
        .toList();
  }

  /** Who has the board; a board that can't be asked may be free: its deployment will tell. */
  private Optional<String> holder(BoardPolicy board, List<String> unreachable) {
    try {
      return boards.facts(board.name(), board.address()).validLease().map(BoardFacts.Lease::owner);
    } catch (BoardFailure failure) {
      progress.warn(failure.problem());
      unreachable.add(board.name() + ": " + failure.problem());
      return Optional.empty();
    }
  }

  private static BoardResult busy(Plan.Pool pool, List<String> held) {
    return new BoardResult(
        pool.boards().getFirst().name(),
        BoardAction.TEST,
        Outcome.BUSY,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        0,
        "no board of this environment is free: " + String.join("; ", held));
  }

  private Deployment deployment(
      BoardPolicy board,
      EnvironmentPolicy environment,
      BoardAction action,
      Wanted wanted,
      Optional<String> lease) {
    return new Deployment(
        board.name(),
        board.address(),
        action,
        wanted,
        environment.terms(),
        owner,
        Optional.of(commit),
        lease,
        guards);
  }
}
