package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.PullRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks after what events left behind: gives boards back whose pull request is over, deploys to
 * boards that were offline, and lends boards to those that wait.
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
    var refs = SweptRefs.of(work);
    var statuses = new KnownStatuses(work.forge());
    work.forge()
        .closeAbandoned(
            Stream.of(
                    Stream.of(plan.source().commit()),
                    open.stream().filter(statuses::mayBeOurs).map(PullRequest::head),
                    refs.values().stream())
                .flatMap(commits -> commits)
                .distinct()
                .toList());
    var verdicts = new ArrayList<Verdict>();
    try (var boards = work.boards(Audience.PULL_REQUESTS)) {
      verdicts.add(endLeases(plan, boards));
      var missed = new MissedRollouts(work, reporter, statuses, boards);
      missed.catchUp(plan.source(), plan.boards()).ifPresent(verdicts::add);
      for (var last : new Rollouts(refs, statuses, work.progress()).of(plan.released())) {
        missed.catchUp(last.source(), last.boards()).ifPresent(verdicts::add);
      }
      // last, as pull requests' builds may take as long as they like
      new WaitingRequests(work, statuses)
          .of(plan, open, boards)
          .forEach(preview -> verdicts.add(lend(preview)));
    }
    return reporter.finish(
        verdicts.stream()
            .filter(v -> v.reason().isPresent())
            .findFirst()
            .orElseGet(() -> Verdict.of(reporter.results(), Optional.empty())),
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
    return lending.giveBackWhatIsOver(
        pool,
        owner ->
            work.pullRequest(owner)
                .ifPresent(number -> reporter.givenBack(pool.environment().name(), number)));
  }

  private Verdict lend(Plan.Preview preview) {
    Reporter part = reporter.part(preview);
    return part.finishing(() -> new PreviewRun(work, part).preview(preview));
  }
}
