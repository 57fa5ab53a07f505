package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Deployment;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.support.progress.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Brings boards to their systems: wave by wave, within a wave all at once up to a bound. */
final class Rollout {
  private final Boards boards;
  private final int parallel;
  private final String owner;
  private final GitRevision commit;
  private final Guards guards;
  private final Supplier<Optional<String>> superseded;
  private final Progress progress;

  /**
   * @param superseded asked before each further wave: why the rest is left to another run
   */
  Rollout(
      Boards boards,
      int parallel,
      String owner,
      GitRevision commit,
      Guards guards,
      Supplier<Optional<String>> superseded,
      Progress progress) {
    this.boards = boards;
    this.parallel = parallel;
    this.owner = owner;
    this.commit = commit;
    this.guards = guards;
    this.superseded = superseded;
    this.progress = progress;
  }

  /** One planned board and its system. */
  record Job(Plan.PlannedBoard planned, Wanted.Incoming target) {}

  /**
   * Deploys to all boards of a plan, in their {@link Waves}.
   *
   * @param each told of every result as it comes, one at a time; twice of a board that was found to
   *     be no longer well
   */
  List<BoardResult> deploy(List<Job> jobs, Consumer<BoardResult> each) {
    return new Waves(new Taken(each), each).deploy(jobs);
  }

  private final class Taken implements Waves.Steps {
    private final Consumer<BoardResult> each;

    Taken(Consumer<BoardResult> each) {
      this.each = each;
    }

    @Override
    public List<BoardResult> deploy(List<Job> wave) {
      return AtOnce.each(
          wave,
          parallel,
          job -> boards.deploy(deployment(job)),
          job ->
              Waves.untouched(
                  job.planned(), FailureCode.CANCELLED, "interrupted before its turn came"),
          this::tell);
    }

    private synchronized void tell(BoardResult result) {
      each.accept(result);
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
      progress.note(
          "The next wave begins in %d s, if all is well then.".formatted(time.toSeconds()));
      Thread.sleep(time);
    }

    @Override
    public Optional<String> superseded() {
      return superseded.get();
    }

    @Override
    public List<Waves.Turn> lookAgain(List<Waves.Turn> reached) {
      return AtOnce.<Waves.Turn, Optional<Waves.Turn>>each(
              reached, parallel, this::lookAgain, turn -> Optional.empty())
          .stream()
          .flatMap(Optional::stream)
          .toList();
    }

    private Optional<Waves.Turn> lookAgain(Waves.Turn turn) {
      return boards
          .amiss(deployment(turn.job()))
          .map(amiss -> new Waves.Turn(turn.job(), later(turn.result(), amiss)));
    }

    private static BoardResult later(BoardResult result, BoardFailure amiss) {
      return amiss.outcome() == Outcome.SUPERSEDED
          ? result.later(amiss.code(), amiss.explained())
          : result.later(
              FailureCode.NO_LONGER_WELL,
              """
              no longer well when the next wave was due: %s
              It keeps its system; `flakeferry rollback %s` brings the one before back."""
                  .formatted(amiss.explained(), result.board()));
    }
  }

  private Deployment deployment(Job job) {
    Plan.PlannedBoard planned = job.planned();
    return new Deployment(
        planned.board().name(),
        planned.board().address(),
        planned.action(),
        job.target(),
        planned.environment().terms(),
        owner,
        Optional.of(commit),
        Optional.empty(),
        guards);
  }
}
