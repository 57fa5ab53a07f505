package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Deployment;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Brings boards to their systems: wave by wave, within a wave all at once up to a bound. */
final class Rollout {
  private final Boards boards;
  private final int parallel;
  private final String owner;
  private final GitRevision commit;
  private final Guards guards;

  Rollout(Boards boards, int parallel, String owner, GitRevision commit, Guards guards) {
    this.boards = boards;
    this.parallel = parallel;
    this.owner = owner;
    this.commit = commit;
    this.guards = guards;
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
