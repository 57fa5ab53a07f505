package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.model.terms.LeaseTerms;
import io.github.flakeferry.nix.EvaluatedSystem;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.source.Checkout;
import io.github.flakeferry.source.GitSource;
import io.github.flakeferry.support.progress.Progress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The steps that all plans share: from a commit to systems that are built and published, and what a
 * deployment of them needs.
 *
 * @param roots keeps what was built from the collector
 */
record Work(
    Forge forge,
    Settings settings,
    GitSource source,
    Policy policy,
    Path roots,
    Progress progress,
    Origin origin) {

  /** The same with systems from elsewhere. */
  Work from(Origin elsewhere) {
    return new Work(forge, settings, source, policy, roots, progress, elsewhere);
  }

  /**
   * Checks the commit out, evaluates, and builds what no cache has, and tries it, or takes what was
   * built.
   *
   * @param audience whose build it is
   * @param publication gets what is built, as soon as it is
   * @throws Failure what hinders it, and {@link Refused} if the commit is not what it must be
   */
  Systems build(Plan.Builds plan, Audience audience, Publication publication) {
    Plan.Content content = plan.source();
    prove(content);
    if (mayComeFromAnybody(content)) {
      Nix.sharedStore()
          .ifPresent(
              what -> {
                throw Refused.sharedStore(what, content.ref());
              });
    }
    if (Nix.evaluatesAsRoot()) {
      progress.note(
          "the flake is evaluated by root, as there is no user for that: only in the action's own"
              + " image it is kept away from this job's files");
    }
    Checkout checkout = Stage.of("Check out", progress).run(() -> checkOut(content));
    if (!checkout.lfsPointers().isEmpty()) {
      progress.warn(
          "only Git LFS's pointers are here, and Nix will see nothing else, for "
              + String.join(", ", checkout.lfsPointers()));
    }
    try (var substituters = Substituters.ready(policy, audience, settings, progress)) {
      NixSettings all = substituters.settings(settings.showTrace());
      NixSettings nixSettings =
          mayComeFromAnybody(content) ? all.with(NixSettings.Logins.NONE) : all;
      Systems systems =
          Stage.of("Evaluate", progress).run(() -> evaluate(checkout, plan, nixSettings));
      origin.bring(systems, roots, publication, progress);
      forge.output(
          "store-paths",
          String.join("\n", systems.all().stream().map(s -> s.toplevel().toString()).toList()));
      return systems;
    }
  }

  private Systems evaluate(Checkout checkout, Plan.Builds plan, NixSettings nixSettings) {
    var systems =
        Systems.evaluate(checkout, settings.flakeFolder(), plan, policy, nixSettings, progress);
    origin.check(systems, roots, progress);
    return systems;
  }

  private Checkout checkOut(Plan.Content content) {
    return mayComeFromAnybody(content)
        ? source.checkOutAnybodys(content.commit(), content.ref())
        : source.checkOut(content.commit(), content.ref());
  }

  /** A pull request that is not of this repository, or that was asked for by its number. */
  private boolean mayComeFromAnybody(Plan.Content content) {
    return content.proof() == Plan.Proof.PRESENT_HEAD
        || forge
            .event()
            .pullRequest()
            .filter(request -> request.trust() == PullRequest.HeadTrust.UNTRUSTED)
            .isPresent();
  }

  private void prove(Plan.Content content) {
    switch (content.proof()) {
      case OF_ITS_REF -> {}
      case ON_DEFAULT_BRANCH -> {
        if (!source.isOnDefaultBranch(content.commit())) {
          throw Refused.notOnDefaultBranch(
              content.commit(), content.ref(), forge.run().repository().defaultBranch());
        }
      }
      case PRESENT_HEAD -> {
        Optional<GitRevision> now = source.find(content.ref());
        if (!now.equals(Optional.of(content.commit()))) {
          throw Refused.notThePresentHead(content.commit(), content.ref(), now);
        }
      }
    }
  }

  /**
   * Leaves the boards to a newer run, if the ref has moved on since the event. What was asked for
   * by hand stays as it is.
   *
   * @throws Refused if there is something newer, or the ref is no longer there
   */
  void refuseSuperseded(Plan.Content content) {
    superseded(content)
        .ifPresent(
            newer -> {
              throw newer;
            });
  }

  /** The same question, for whoever has begun and may go on. */
  private Optional<Refused> superseded(Plan.Content content) {
    boolean follows =
        switch (forge.event()) {
          case Event.BranchPushed _,
              Event.TagPushed _,
              Event.ReleasePublished _,
              Event.PullRequestUpdated _,
              Event.PullRequestDrafted _,
              Event.PullRequestLabeled _,
              Event.PullRequestClosed _,
              Event.Scheduled _ ->
              !settings.allowOlder() || content.proof() == Plan.Proof.PRESENT_HEAD;
          case Event.MergeQueued _, Event.Dispatched _, Event.Meaningless _ ->
              content.proof() == Plan.Proof.PRESENT_HEAD;
        };
    return follows ? moved(content) : Optional.empty();
  }

  /** What became of the ref; nothing, with a warning, where that can't be told. */
  private Optional<Refused> moved(Plan.Content content) {
    try {
      return Refused.moved(content, source.find(content.ref()));
    } catch (Failure failure) {
      progress.warn(
          "whether there is something newer than %s can't be told: %s"
              .formatted(content.commit().abbreviated(), failure.told()));
      return Optional.empty();
    }
  }

  Publication publication(Audience audience) {
    return Publication.prepare(policy, audience, settings, progress);
  }

  Optional<Failure> publish(Publication publication, Systems systems) {
    return publication.publish(systems, progress);
  }

  Targets targets(Systems systems, Audience audience) {
    return Targets.of(systems, new SigningKeys(policy, settings).of(audience), policy, audience);
  }

  /** What changed between what the board had and what it got. */
  static Optional<ClosureDifference> difference(
      BoardResult result, Optional<EvaluatedSystem> system, Systems systems) {
    return result
        .previous()
        .flatMap(
            old ->
                system.map(s -> Nix.difference(old, Closure.of(s.toplevel(), systems.closure(s)))));
  }

  /**
   * A way to boards.
   *
   * @param audience whose build they get
   */
  Boards boards(Audience audience) {
    SshIdentity login =
        settings
            .login()
            .orElseThrow(
                () ->
                    Refused.missingSecret(
                        "there is no SSH key to log in on the boards with", "ssh-key"));
    return boards(login, policy, audience, settings, progress);
  }

  /** The same for whoever has no event. */
  static Boards boards(
      SshIdentity login, Policy policy, Audience audience, Settings settings, Progress progress) {
    return new Boards(
        login, Nix.contents(), new OldSystems(policy, audience, settings, progress), progress);
  }

  Guards guards(Plan.Content content) {
    return new Guards(
        settings.replaceUnknown(),
        settings.allowOlder() ? there -> false : new CommitHistory(source, content, progress),
        () -> superseded(content).map(Failure::problem));
  }

  Rollout rollout(Boards boards, Plan.Content content) {
    return new Rollout(
        boards,
        policy.parallel(),
        runName(),
        content.commit(),
        guards(content),
        () -> superseded(content).map(Failure::problem),
        progress);
  }

  Lending lending(Boards boards, GitRevision commit, Guards guards) {
    return new Lending(boards, pools(boards), runName(), commit, guards, progress);
  }

  /** Asks boards whom they are lent to, and the forge whether these still need them. */
  Pools pools(Boards boards) {
    return new Pools(boards, policy.parallel(), lessees());
  }

  /** Asks the forge who still needs a board. */
  Lessees lessees() {
    return new Lessees(forge, this::planned);
  }

  /** What a pull request would get if it were pushed to now. */
  Plan planned(PullRequest request) {
    var event = new Event.PullRequestUpdated(forge.run().repository(), request);
    return Planner.plan(event, policy, settings.narrowing());
  }

  /** Whether a pull request as it is now is to have a board of a pool. */
  boolean wants(PullRequest request, Plan.Pool pool) {
    return planned(request) instanceof Plan.Preview preview
        && preview.pools().stream().anyMatch(p -> p.environment().equals(pool.environment()));
  }

  /** An environment's boards but for those of a pool that were chosen from them. */
  Plan.Pool notChosen(Plan.Pool chosen) {
    return new Plan.Pool(
        chosen.environment(),
        Planner.boards(chosen.environment(), policy, settings.narrowing()).stream()
            .filter(board -> !chosen.boards().contains(board))
            .toList());
  }

  /** The pull request of this repository that has a board; empty for any other owner. */
  Optional<Long> pullRequest(String owner) {
    return lessees().number(owner);
  }

  /** Who has a board that is lent to a pull request. */
  String lessee(long pullRequest) {
    return LeaseTerms.owner(forge.run().repository().fullName(), pullRequest);
  }

  private String runName() {
    return forge.run().url().map(Object::toString).orElse("run " + forge.run().runId());
  }
}
