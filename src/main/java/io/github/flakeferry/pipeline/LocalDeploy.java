package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Guards;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.source.WorkingCopy;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code flakeferry deploy BOARD…}: brings boards to the commit that is checked out, from this
 * machine, as a push of it would. The forge is told nothing.
 */
public final class LocalDeploy {
  private final Policy policy;
  private final Fleet fleet;
  private final WorkingCopy copy;
  private final GitRevision commit;
  private final Settings settings;
  private final String owner;
  private final Progress progress;

  /**
   * @param owner who does it, for people: {@code ann@laptop}
   * @throws Failure if the fleet's is no clone with a commit
   */
  public LocalDeploy(Fleet fleet, Settings settings, String owner, Progress progress) {
    this.policy = fleet.policy();
    this.fleet = fleet;
    this.copy = fleet.workingCopy();
    this.commit = fleet.commit();
    this.settings = settings;
    this.owner = owner;
    this.progress = progress;
  }

  /**
   * How it ended.
   *
   * @param unpublished what kept a cache from getting all; the boards got their systems all the
   *     same
   */
  public record Ended(List<BoardResult> results, Optional<Failure> unpublished) {
    public Ended {
      results = List.copyOf(results);
    }

    public Verdict verdict() {
      return Verdict.of(results, unpublished);
    }
  }

  /**
   * Builds what no cache has, publishes it, and brings boards to it wave by wave, each by the terms
   * of the first environment that has it.
   *
   * @param selectors names, or selectors over names and tags
   * @throws Failure if a selector chooses no board, one is for pull requests only, a system can't
   *     be had, or a key is missing
   */
  public Ended run(List<String> selectors, SshIdentity login) {
    Plan.Deploy plan = plan(fleet.chosen(selectors));
    fleet.warnOfChanges(progress);
    try (var roots = Nix.rootsFolder("deploy");
        var publication = Publication.prepare(policy, Audience.TRUSTED, settings, progress)) {
      Systems systems =
          new LocalBuild(policy, copy, settings, roots.path(), progress).of(plan, publication);
      if (settings.dryRun()) {
        return new Ended(List.of(), Optional.empty());
      }
      Optional<Failure> unpublished = publication.publish(systems, progress);
      return new Ended(deploy(plan, systems, login), unpublished);
    } catch (IOException e) {
      throw new UncheckedIOException("a temporary folder can't be made", e);
    }
  }

  private List<BoardResult> deploy(Plan.Deploy plan, Systems systems, SshIdentity login) {
    var targets = Targets.of(systems, settings.signingKey(), policy, Audience.TRUSTED);
    var jobs = plan.boards().stream().map(b -> new Rollout.Job(b, targets.of(b.board()))).toList();
    var guards =
        new Guards(
            settings.replaceUnknown(),
            settings.allowOlder() ? there -> false : new LocalHistory(copy, commit, progress));
    try (var boards = Work.boards(login, policy, Audience.TRUSTED, settings, progress)) {
      var rollout =
          new Rollout(boards, policy.parallel(), owner, commit, guards, Optional::empty, progress);
      return Stage.of("Deploy", progress).run(() -> rollout.deploy(jobs, result -> {}));
    }
  }

  private Plan.Deploy plan(List<BoardPolicy> chosen) {
    Narrowing narrowing = settings.narrowing();
    List<EnvironmentPolicy> environments =
        policy.environments().stream()
            .filter(e -> !e.trigger().matchesPullRequest())
            .filter(narrowing::admits)
            .toList();
    List<Plan.PlannedBoard> planned =
        Planner.boards(environments, policy, narrowing, narrowing::action).stream()
            .filter(b -> chosen.contains(b.board()))
            .toList();
    List<BoardPolicy> without =
        chosen.stream()
            .filter(board -> planned.stream().noneMatch(b -> b.board().equals(board)))
            .toList();
    if (!without.isEmpty()) {
      throw Refused.inNoEnvironment(without.stream().map(BoardPolicy::name).toList());
    }
    var content = new Plan.Content(commit, commit.value(), Plan.Proof.OF_ITS_REF);
    return new Plan.Deploy(content, planned, Set.of());
  }
}
