package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Guards;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import java.util.List;
import java.util.Optional;

/** The life of a preview: a board is lent to a pull request, and given back. */
final class PreviewRun {
  private final Work work;
  private final Reporter reporter;

  PreviewRun(Work work, Reporter reporter) {
    this.work = work;
    this.reporter = reporter;
  }

  /** Builds the pull request's systems and tries one on a board of each pool. */
  Verdict preview(Plan.Preview plan) {
    try (var publication = work.publication(Audience.PULL_REQUESTS)) {
      return preview(plan, publication);
    }
  }

  private Verdict preview(Plan.Preview plan, Publication publication) {
    var candidates = plan.pools().stream().flatMap(p -> p.boards().stream()).toList();
    Systems systems = work.build(plan, Audience.PULL_REQUESTS, publication);
    if (work.settings().dryRun()) {
      return reporter.builtOnly();
    }
    Optional<Failure> unpublished = work.publish(publication, systems);
    work.refuseSuperseded(plan.source());
    refuseUnwanted(plan);
    var targets = work.targets(systems, Audience.PULL_REQUESTS);
    try (var boards = work.boards(Audience.PULL_REQUESTS)) {
      var lending = work.lending(boards, plan.source().commit(), work.guards(plan.source()));
      List<BoardResult> results =
          Stage.of("Preview", work.progress())
              .run(
                  () ->
                      plan.pools().stream()
                          .map(
                              pool ->
                                  lending.lend(pool, targets::of, work.lessee(plan.pullRequest())))
                          .peek(result -> done(result, candidates, systems))
                          .toList());
      giveBackNotChosen(lending, plan, results);
      // the run for the closing may have come before the board was taken
      try {
        refuseUnwanted(plan);
      } catch (Refused unwanted) {
        giveBack(lending, plan.pools(), plan.pullRequest());
        throw unwanted;
      }
      return reporter.finish(Verdict.of(results, unpublished), unpublished);
    }
  }

  /**
   * Who has got a board keeps no other one of the same environment, which another label had chosen.
   */
  private void giveBackNotChosen(Lending lending, Plan.Preview plan, List<BoardResult> results) {
    List<Plan.Pool> others =
        plan.pools().stream()
            .filter(pool -> results.stream().anyMatch(r -> r.outcome().reached() && has(pool, r)))
            .map(work::notChosen)
            .filter(pool -> !pool.boards().isEmpty())
            .toList();
    if (!others.isEmpty()) {
      giveBack(lending, others, plan.pullRequest())
          .forEach(r -> reporter.boardDone(r, Optional.empty()));
    }
  }

  private static boolean has(Plan.Pool pool, BoardResult result) {
    return pool.boards().stream().anyMatch(b -> b.name().equals(result.board()));
  }

  /** As far as the forge tells. A draft gets a board by hand, and needs no label for that. */
  private void refuseUnwanted(Plan.Preview plan) {
    boolean byHand = plan.source().proof() == Plan.Proof.PRESENT_HEAD;
    work.forge()
        .pullRequest(plan.pullRequest())
        .ifPresent(
            now -> {
              if (!now.open()) {
                throw Refused.closedMeanwhile(plan.pullRequest());
              }
              if (!byHand && !work.wants(now.request(), plan.pools())) {
                throw Refused.unwantedMeanwhile(plan.pullRequest());
              }
            });
  }

  private void done(BoardResult result, List<BoardPolicy> candidates, Systems systems) {
    var system =
        candidates.stream()
            .filter(b -> b.name().equals(result.board()))
            .findFirst()
            .map(b -> systems.of(b.configuration()));
    reporter.boardDone(result, Work.difference(result, system, systems));
  }

  /** Has the boards run again what their profiles hold, and frees them. */
  Verdict giveBack(Plan.GiveBack plan) {
    if (work.settings().dryRun()) {
      return reporter.builtOnly();
    }
    try (var boards = work.boards(Audience.PULL_REQUESTS)) {
      var lending = work.lending(boards, plan.head(), Guards.ANY_COMMIT);
      List<BoardResult> results = giveBack(lending, plan.pools(), plan.pullRequest());
      results.forEach(r -> reporter.boardDone(r, Optional.empty()));
      return reporter.finish(Verdict.of(results, Optional.empty()), Optional.empty());
    }
  }

  private List<BoardResult> giveBack(Lending lending, List<Plan.Pool> pools, long pullRequest) {
    return Stage.of("Give back", work.progress())
        .run(
            () ->
                pools.stream()
                    .flatMap(pool -> lending.giveBack(pool, work.lessee(pullRequest)).stream())
                    .toList());
  }
}
