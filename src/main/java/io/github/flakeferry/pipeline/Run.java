package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.nix.EvaluatedSystem;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.source.Checkout;
import io.github.flakeferry.source.GitSource;
import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code flakeferry run}: read the event, make the plan, check out the flake, evaluate, build and
 * publish, deploy wave by wave, report as it happens.
 */
public final class Run {
  private final Forge forge;
  private final Settings settings;
  private final Reporter reporter;
  private final Progress progress;

  public Run(Forge forge, Settings settings, Clock clock) {
    this.forge = forge;
    this.settings = settings;
    this.reporter = new Reporter(forge, clock);
    this.progress = reporter.progress();
  }

  /**
   * Does it all.
   *
   * @return how it ended; whatever can be expected to fail is in there and was reported
   * @throws Failure only what hinders the report itself, such as an event that can't be read
   */
  public Verdict run() {
    try (var source = GitSource.open(forge.run().repository(), forge.token());
        var roots = TemporaryFolder.create("roots")) {
      Policy policy = policy(source);
      Plan plan = plan(policy);
      reporter.planned(plan);
      return switch (plan) {
        case Plan.Nothing(var why) -> {
          progress.note("Nothing to do: " + why + ".");
          yield reporter.finish(Verdict.nothingToDo(), Optional.empty());
        }
        case Plan.BuildOnly buildOnly ->
            buildOnly(buildOnly, new Build(source, policy, roots.path()));
        case Plan.Deploy deploy -> deploy(deploy, new Build(source, policy, roots.path()));
        case Plan.Preview preview -> preview(preview, new Build(source, policy, roots.path()));
        case Plan.GiveBack giveBack -> giveBack(giveBack, policy);
      };
    } catch (Failure failure) {
      return reporter.finish(Verdict.of(failure), Optional.of(failure));
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder could be made", e);
    }
  }

  /** What a build needs besides the plan; {@code roots} keeps its results from the collector. */
  private record Build(GitSource source, Policy policy, Path roots) {}

  /** Makes the plan that {@link #run} would carry out, and touches nothing. */
  public Plan plan() {
    try (var source = GitSource.open(forge.run().repository(), forge.token())) {
      return plan(policy(source));
    }
  }

  private Policy policy(GitSource source) {
    return PolicyFile.read(source, settings.policyPath(), forge.run().repository().defaultBranch());
  }

  private Plan plan(Policy policy) {
    settings
        .narrowing()
        .environment()
        .filter(name -> policy.environment(name).isEmpty())
        .ifPresent(
            name -> {
              throw Refused.noSuchEnvironment(
                  name, policy.environments().stream().map(e -> e.name()).toList());
            });
    return Planner.plan(forge.event(), policy, settings.narrowing());
  }

  private Verdict buildOnly(Plan.BuildOnly plan, Build build) {
    progress.note(plan.why() + ".");
    build(build, plan.source(), plan.configurations());
    return reporter.finish(Verdict.success(), Optional.empty());
  }

  private Verdict deploy(Plan.Deploy plan, Build build) {
    Policy policy = build.policy();
    var publication = Publication.prepare(policy, Audience.TRUSTED, settings, progress);
    var key = settings.signingKey();
    Systems systems =
        build(
            build,
            plan.source(),
            plan.boards().stream().map(b -> b.board().configuration()).toList());
    if (settings.dryRun()) {
      return builtOnly();
    }
    Optional<Failure> unpublished = publish(publication, systems);
    var targets = Targets.of(systems, key, policy, Audience.TRUSTED);
    var jobs = plan.boards().stream().map(b -> new Rollout.Job(b, targets.of(b.board()))).toList();
    try (var boards = boards(systems.nix())) {
      List<BoardResult> results =
          Stage.of("Deploy", progress)
              .run(
                  () ->
                      rollout(boards, policy, plan.source().commit(), guards(build, plan.source()))
                          .deploy(jobs, result -> done(result, systems, plan)));
      return reporter.finish(Verdict.of(results, unpublished), unpublished);
    }
  }

  private Verdict preview(Plan.Preview plan, Build build) {
    Policy policy = build.policy();
    var publication = Publication.prepare(policy, Audience.PULL_REQUESTS, settings, progress);
    var key = settings.pullRequestSigningKey();
    Systems systems =
        build(
            build,
            plan.source(),
            plan.candidates().stream().map(BoardPolicy::configuration).toList());
    if (settings.dryRun()) {
      return builtOnly();
    }
    Optional<Failure> unpublished = publish(publication, systems);
    var targets = Targets.of(systems, key, policy, Audience.PULL_REQUESTS);
    try (var boards = boards(systems.nix())) {
      BoardResult result =
          Stage.of("Preview", progress)
              .run(
                  () ->
                      rollout(boards, policy, plan.source().commit(), guards(build, plan.source()))
                          .preview(plan, targets::of, lease(plan.pullRequest())));
      reporter.boardDone(
          result,
          difference(
              result,
              plan.candidates().stream()
                  .filter(b -> b.name().equals(result.board()))
                  .findFirst()
                  .map(b -> systems.of(b.configuration())),
              systems));
      return reporter.finish(Verdict.of(List.of(result), unpublished), unpublished);
    }
  }

  private Verdict giveBack(Plan.GiveBack plan, Policy policy) {
    if (settings.dryRun()) {
      return builtOnly();
    }
    try (var boards = boards(new Nix(NixSettings.DEFAULT, progress))) {
      List<BoardResult> results =
          Stage.of("Give back", progress)
              .run(
                  () ->
                      rollout(boards, policy, plan.head(), Guards.ANY_COMMIT)
                          .giveBack(plan, lease(plan.pullRequest())));
      results.forEach(r -> reporter.boardDone(r, Optional.empty()));
      return reporter.finish(Verdict.of(results, Optional.empty()), Optional.empty());
    }
  }

  private Verdict builtOnly() {
    progress.note("A dry run: nothing is published or deployed.");
    return reporter.finish(Verdict.success(), Optional.empty());
  }

  private Systems build(Build build, Plan.Content content, Collection<String> configurations) {
    GitSource source = build.source();
    if (content.mustBeOnDefaultBranch() && !source.isOnDefaultBranch(content.commit())) {
      throw Refused.notOnDefaultBranch(
          content.commit(), content.ref(), forge.run().repository().defaultBranch());
    }
    Checkout checkout =
        Stage.of("Check out", progress).run(() -> source.checkOut(content.commit(), content.ref()));
    if (!checkout.lfsPointers().isEmpty()) {
      progress.warn(
          "only Git LFS's pointers are here, and Nix will see nothing else, for "
              + String.join(", ", checkout.lfsPointers()));
    }
    var nixSettings =
        new NixSettings(List.of(), List.of(), java.util.Set.of(), settings.showTrace());
    Systems systems =
        Stage.of("Evaluate", progress)
            .run(
                () ->
                    Systems.evaluate(
                        checkout, configurations, build.policy(), nixSettings, progress));
    Stage.of("Build", progress).run(() -> systems.nix().build(systems.all(), build.roots()));
    forge.output(
        "store-paths",
        String.join("\n", systems.all().stream().map(s -> s.toplevel().toString()).toList()));
    return systems;
  }

  private Optional<Failure> publish(Publication publication, Systems systems) {
    var closure = new TreeMap<String, PathInfo>();
    for (EvaluatedSystem system : systems.all()) {
      systems.closure(system).forEach(info -> closure.put(info.path().hash(), info));
    }
    return Stage.of("Publish", progress)
        .run(() -> publication.publish(List.copyOf(closure.values()), systems.nix().contents()));
  }

  private void done(BoardResult result, Systems systems, Plan.Deploy plan) {
    var system =
        plan.boards().stream()
            .filter(b -> b.board().name().equals(result.board()))
            .findFirst()
            .map(b -> systems.of(b.board().configuration()));
    reporter.boardDone(result, difference(result, system, systems));
  }

  private static Optional<ClosureDifference> difference(
      BoardResult result, Optional<EvaluatedSystem> system, Systems systems) {
    return result
        .previous()
        .flatMap(
            old ->
                system.map(s -> Nix.difference(old, Closure.of(s.toplevel(), systems.closure(s)))));
  }

  private Boards boards(Nix nix) {
    return new Boards(
        settings
            .sshKey()
            .orElseThrow(
                () ->
                    Refused.missingSecret(
                        "there is no SSH key to log in on the boards with", "ssh-key")),
        nix.contents(),
        progress);
  }

  private Guards guards(Build build, Plan.Content content) {
    return new Guards(
        settings.replaceUnknown(),
        settings.allowOlder()
            ? there -> false
            : new CommitHistory(build.source(), content, progress));
  }

  private Rollout rollout(Boards boards, Policy policy, GitRevision commit, Guards guards) {
    String owner = forge.run().url().map(Object::toString).orElse("run " + forge.run().runId());
    return new Rollout(boards, policy.parallel(), owner, commit, guards, progress);
  }

  private String lease(long pullRequest) {
    return forge.run().repository().fullName() + "#" + pullRequest;
  }
}
