package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.PullRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks after what events left behind: gives boards back whose pull request is over, lends them to
 * those that wait, and deploys to boards that were offline.
 */
final class SweepRun {
  private final Work work;
  private final Reporter reporter;

  SweepRun(Work work, Reporter reporter) {
    this.work = work;
    this.reporter = reporter;
  }

  /** Does all three, one after another; what fails in one does not keep the next from its turn. */
  Verdict sweep(Plan.Sweep plan) {
    if (work.settings().dryRun()) {
      return reporter.builtOnly();
    }
    List<PullRequest> open =
        plan.pools().isEmpty() ? List.of() : work.forge().openPullRequests().orElse(List.of());
    work.forge()
        .closeAbandoned(
            Stream.concat(Stream.of(plan.source().commit()), open.stream().map(PullRequest::head))
                .toList());
    var verdicts = new ArrayList<Verdict>();
    try (var boards = work.boards()) {
      verdicts.add(endLeases(plan, boards));
      for (PullRequest waiting : waiting(plan, open, boards)) {
        lend(plan, waiting).ifPresent(verdicts::add);
      }
      catchUp(plan, boards).ifPresent(verdicts::add);
    }
    return reporter.finish(
        verdicts.stream()
            .filter(v -> v.reason().isPresent())
            .findFirst()
            .orElse(verdicts.getFirst()),
        Optional.empty());
  }

  private Verdict endLeases(Plan.Sweep plan, Boards boards) {
    var lending = work.lending(boards, plan.source().commit(), Guards.ANY_COMMIT);
    List<BoardResult> results =
        Stage.of("Give back", work.progress())
            .run(
                () ->
                    plan.pools().stream()
                        .flatMap(pool -> endLeases(lending, pool).stream())
                        .toList());
    results.forEach(result -> reporter.boardDone(result, Optional.empty()));
    return results.isEmpty() ? Verdict.nothingToDo() : Verdict.of(results, Optional.empty());
  }

  private List<BoardResult> endLeases(Lending lending, Plan.Pool pool) {
    var lessees = new Lessees(work.forge());
    return lending.giveBackWhatIsOver(
        pool,
        owner ->
            lessees
                .number(owner)
                .ifPresent(number -> reporter.givenBack(pool.environment().name(), number)));
  }

  /** Whose status says that they wait, the oldest first, as many as boards are free. */
  private List<PullRequest> waiting(Plan.Sweep plan, List<PullRequest> open, Boards boards) {
    var pools = work.pools(boards);
    var waiting = new ArrayList<PullRequest>();
    for (Plan.Pool pool : plan.pools()) {
      long free = pools.ask(pool).stream().filter(PoolBoard.Free.class::isInstance).count();
      if (free == 0) {
        continue;
      }
      open.stream()
          .filter(request -> !waiting.contains(request))
          // the head of another one may be the same commit, whose status says that it waits
          .filter(request -> work.wants(request, List.of(pool)))
          .filter(request -> waits(request, pool))
          .limit(free)
          .forEach(waiting::add);
    }
    return waiting;
  }

  private boolean waits(PullRequest request, Plan.Pool pool) {
    return work.forge()
        .status(request.head(), Reported.context(pool.environment()))
        .filter(StatusState.WAITING::equals)
        .isPresent();
  }

  private Optional<Verdict> lend(Plan.Sweep sweep, PullRequest request) {
    if (!(work.planned(request) instanceof Plan.Preview(var source, var number, var pools))) {
      return Optional.empty();
    }
    var own =
        pools.stream()
            .filter(
                pool ->
                    sweep.pools().stream()
                        .anyMatch(p -> p.environment().equals(pool.environment())))
            .toList();
    var plan = new Plan.Preview(source, number, own);
    Reporter part = reporter.part(plan);
    return Optional.of(part.finishing(() -> new PreviewRun(work, part).preview(plan)));
  }

  /** What a push would have deployed to, had it been there. */
  private Optional<Verdict> catchUp(Plan.Sweep plan, Boards boards) {
    List<CatchUp.Asked> there =
        AtOnce.<Plan.PlannedBoard, Optional<CatchUp.Asked>>each(
                plan.boards(),
                work.policy().parallel(),
                planned -> ask(planned, boards),
                planned -> Optional.empty())
            .stream()
            .flatMap(Optional::stream)
            .toList();
    var catchUp =
        new CatchUp(plan.source().commit(), board -> isAwaited(board, plan), work.progress());
    var behind = catchUp.of(there);
    if (behind.isEmpty()) {
      return Optional.empty();
    }
    var deploy = new Plan.Deploy(plan.source(), behind);
    Reporter part = reporter.part(deploy);
    return Optional.of(part.finishing(() -> new DeployRun(work, part).deploy(deploy)));
  }

  private Optional<CatchUp.Asked> ask(Plan.PlannedBoard planned, Boards boards) {
    try {
      return Optional.of(
          new CatchUp.Asked(
              planned, boards.facts(planned.board().name(), planned.board().address())));
    } catch (BoardFailure failure) {
      work.progress().warn(failure.problem());
      return Optional.empty();
    }
  }

  private boolean isAwaited(Plan.PlannedBoard board, Plan.Sweep plan) {
    return work.forge()
        .status(plan.source().commit(), Reported.context(board.environment(), board.board().name()))
        .filter(state -> state == StatusState.PENDING || state == StatusState.WAITING)
        .isPresent();
  }
}
