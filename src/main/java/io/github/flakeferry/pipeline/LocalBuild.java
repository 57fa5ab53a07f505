package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.nix.Flake;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.source.WorkingCopy;
import io.github.flakeferry.support.progress.Progress;
import java.nio.file.Path;
import java.util.List;

/**
 * Systems of a working copy's commits, taken from caches or built on this machine as a run builds
 * them.
 *
 * @param roots keeps what was built from the collector
 */
record LocalBuild(
    Policy policy, WorkingCopy copy, Settings settings, Path roots, Progress progress) {
  /**
   * The systems of these configurations, neither tried nor published.
   *
   * @throws io.github.flakeferry.model.Failure if one can't be evaluated or built
   */
  Systems of(GitRevision commit, List<String> configurations) {
    return of(commit, configurations, List.of(), Publication.NONE);
  }

  /**
   * The systems that a plan wants, tried as it wants them.
   *
   * @param publication gets what is built, as soon as it is
   * @throws io.github.flakeferry.model.Failure as above, or if a smoke command fails
   */
  Systems of(Plan.Builds plan, Publication publication) {
    return of(plan.source().commit(), plan.configurations(), plan.trials(), publication);
  }

  private Systems of(
      GitRevision commit,
      List<String> configurations,
      List<Plan.Trial> trials,
      Publication publication) {
    try (var substituters = Substituters.ready(policy, Audience.TRUSTED, settings, progress)) {
      var nixSettings =
          substituters.settings(settings.showTrace()).with(NixSettings.Logins.USERS_OWN);
      var nix = new Nix(nixSettings, progress);
      Flake flake = CommittedFlake.of(nix, copy, settings.flakeFolder(), commit);
      Path ofCommit = roots.resolve(commit.value());
      Systems systems =
          Stage.of("Evaluate", progress)
              .run(
                  () -> {
                    Systems evaluated =
                        Systems.evaluate(
                            nix, flake, configurations, trials, policy, nixSettings, progress);
                    Origin.BUILT_HERE.check(evaluated, ofCommit, progress);
                    return evaluated;
                  });
      Origin.BUILT_HERE.bring(systems, ofCommit, publication, progress);
      return systems;
    }
  }
}
