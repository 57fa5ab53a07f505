package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Guards;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Failure;
import java.util.ArrayList;
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
    Plan.Preview wanted = work.lessees().stillWanted(plan);
    var targets = work.targets(systems, Audience.PULL_REQUESTS);
    try (var boards = work.boards(Audience.PULL_REQUESTS)) {
      var lending = work.lending(boards, plan.source().commit(), work.guards(plan.source()));
      List<BoardResult> results =
          Stage.of("Preview", work.progress())
              .run(
                  () ->
                      wanted.pools().stream()
                          .map(
                              pool ->
                                  lending.lend(pool, targets::of, work.lessee(plan.pullRequest())))
                          .peek(result -> done(result, candidates, systems))
                          .toList());
      giveBackNotChosen(lending, wanted, results);
      Plan.Preview kept = kept(lending, wanted);
      List<Plan.Pool> lost =
          plan.pools().stream().filter(pool -> !kept.pools().contains(pool)).toList();
      if (!lost.isEmpty()) {
        reporter.withdrawn(
            plan.only(lost),
            kept,
            Refused.unwantedMeanwhile(plan.pullRequest()),
            giveBack(lending, lost, plan.pullRequest()));
      }
      // nor is anything told of what a later push has taken the place of
      work.refuseSuperseded(plan.source());
      List<BoardResult> ofKept =
          results.stream()
              .filter(r -> kept.pools().stream().anyMatch(pool -> has(pool, r)))
              .toList();
      return reporter.finish(Verdict.of(ofKept, unpublished), unpublished);
    }
  }

  /** The run for the closing, or for a label's loss, may have come before the board was taken. */
  private Plan.Preview kept(Lending lending, Plan.Preview lent) {
    try {
      return work.lessees().stillWanted(lent);
    } catch (Refused unwanted) {
      giveBack(lending, lent.pools(), lent.pullRequest());
      throw unwanted;
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

  private void done(BoardResult result, List<BoardPolicy> candidates, Systems systems) {
    var system =
        candidates.stream()
            .filter(b -> b.name().equals(result.board()))
            .findFirst()
            .map(b -> systems.of(b.configuration()));
    reporter.boardDone(result, Work.difference(result, system, systems));
  }

  /**
   * Has the boards run again what their profiles hold, and frees them. What the pull request is to
   * have as it is by now stays its own: the event may be an older one than that.
   */
  Verdict giveBack(Plan.GiveBack plan) {
    if (work.settings().dryRun()) {
      return reporter.builtOnly();
    }
    try (var boards = work.boards(Audience.PULL_REQUESTS)) {
      var lending = work.lending(boards, plan.head(), Guards.ANY_COMMIT);
      var lessees = work.lessees();
      var over = new ArrayList<Plan.Pool>();
      var results = new ArrayList<BoardResult>();
      Stage.of("Give back", work.progress())
          .run(
              () -> {
                for (Plan.Pool pool : plan.pools()) {
                  Optional<List<BoardResult>> back =
                      lessees.needsOneOf(pool.environment(), plan.pullRequest())
                          ? Optional.empty()
                          : lending.giveBackUnlessNeeded(pool, work.lessee(plan.pullRequest()));
                  if (back.isPresent()) {
                    over.add(pool);
                    results.addAll(back.get());
                  } else {
                    work.progress()
                        .note(
                            "%s: nothing is given back, for pull request %d is open and needs it"
                                .formatted(pool.environment().name(), plan.pullRequest()));
                  }
                }
              });
      over.forEach(pool -> waitsNoMore(plan, pool.environment()));
      reporter.plannedLess(plan.only(over));
      results.forEach(r -> reporter.boardDone(r, Optional.empty()));
      return reporter.finish(Verdict.of(results, Optional.empty()), Optional.empty());
    }
  }

  // else its status would wait for ever; and what is still open must not pass for one that was
  // tried
  private void waitsNoMore(Plan.GiveBack plan, EnvironmentPolicy environment) {
    String context = Reported.context(environment);
    if (new KnownStatuses(work.forge()).says(plan.head(), context, StatusState.WAITING)
        && !isAnothersHead(plan)) {
      boolean closed = work.forge().event() instanceof Event.PullRequestClosed;
      work.forge()
          .status(
              plan.head(),
              context,
              closed ? StatusState.SUCCESS : StatusState.ERROR,
              "it needs no board any more");
    }
  }

  private boolean isAnothersHead(Plan.GiveBack plan) {
    return work.forge().openPullRequests().orElse(List.of()).stream()
        .anyMatch(
            request ->
                request.number() != plan.pullRequest() && request.head().equals(plan.head()));
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
