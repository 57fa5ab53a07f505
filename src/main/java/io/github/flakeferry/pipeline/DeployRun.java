package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import java.util.List;
import java.util.Optional;

/** Builds and publishes what boards are to have, and brings them to it wave by wave. */
final class DeployRun {
  private final Work work;
  private final Reporter reporter;

  DeployRun(Work work, Reporter reporter) {
    this.work = work;
    this.reporter = reporter;
  }

  Verdict deploy(Plan.Deploy plan) {
    try (var publication = work.publication(Audience.TRUSTED)) {
      return deploy(plan, publication);
    }
  }

  private Verdict deploy(Plan.Deploy plan, Publication publication) {
    Systems systems = work.build(plan, Audience.TRUSTED, publication);
    if (work.settings().dryRun()) {
      return reporter.builtOnly();
    }
    Optional<Failure> unpublished = work.publish(publication, systems);
    work.refuseSuperseded(plan.source());
    var targets = work.targets(systems, Audience.TRUSTED);
    var jobs = plan.boards().stream().map(b -> new Rollout.Job(b, targets.of(b.board()))).toList();
    try (var boards = work.boards(Audience.TRUSTED)) {
      List<BoardResult> results =
          Stage.of("Deploy", work.progress())
              .run(
                  () ->
                      work.rollout(boards, plan.source())
                          .deploy(jobs, result -> done(result, systems, plan)));
      return reporter.finish(Verdict.of(results, unpublished), unpublished);
    }
  }

  private void done(BoardResult result, Systems systems, Plan.Deploy plan) {
    var system =
        plan.boards().stream()
            .filter(b -> b.board().name().equals(result.board()))
            .findFirst()
            .map(b -> systems.of(b.board().configuration()));
    reporter.boardDone(result, Work.difference(result, system, systems));
  }
}
