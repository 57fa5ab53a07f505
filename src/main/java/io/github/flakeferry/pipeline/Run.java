package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.source.GitSource;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * {@code flakeferry run}, in one job or two: read the event, make the plan, check out the flake,
 * evaluate, build and publish, deploy wave by wave, report as it happens.
 */
public final class Run {
  private final Forge forge;
  private final Settings settings;
  private final Reporter reporter;
  private final Progress progress;

  public Run(Forge forge, Settings settings, Clock clock) {
    this.forge = forge;
    this.settings = settings;
    this.reporter = new Reporter(forge, clock, settings.narrowing());
    this.progress = reporter.progress();
  }

  /**
   * Does it all.
   *
   * @return how it ended; whatever can be expected to fail is in there and was reported
   * @throws Failure only what hinders the report itself, such as an event that can't be read
   */
  public Verdict run() {
    return started(
        (plan, work) -> {
          announce(plan);
          return carryOut(plan, work);
        });
  }

  /**
   * Builds what the event means, and hands it over to a job that deploys it. Needs no secret.
   *
   * @return as {@link #run}
   */
  public Verdict build(HandedOver files) {
    return started((plan, work) -> new BuildRun(work, reporter, files).build(plan));
  }

  /**
   * Does what {@link #run} does, with what another job has built.
   *
   * @return as {@link #run}
   */
  public Verdict deploy(HandedOver files) {
    return started(
        (plan, work) -> {
          announce(plan);
          return carryOut(plan, work.from(FromRecord.checked(files, plan, work)));
        });
  }

  private Verdict started(BiFunction<Plan, Work, Verdict> rest) {
    try (var source = GitSource.open(forge.run().repository(), forge.token());
        var roots = Nix.rootsFolder("roots")) {
      Policy policy = policy(source);
      Plan plan = plan(policy, source);
      return rest.apply(
          plan,
          new Work(forge, settings, source, policy, roots.path(), progress, Origin.BUILT_HERE));
    } catch (Failure failure) {
      return reporter.finish(Verdict.of(failure), Optional.of(failure));
    } catch (IOException e) {
      reporter.breakOff("no temporary folder could be made", FailureCode.MACHINE_FILES);
      throw new UncheckedIOException("no temporary folder could be made", e);
    } catch (RuntimeException | Error e) {
      reporter.breakOff(
          "internal error",
          e instanceof UncheckedIOException ? FailureCode.MACHINE_FILES : FailureCode.DEFECT);
      if (reporter.isCancelled()) {
        // an interrupt comes to light in many ways
        return Verdict.cancelled();
      }
      throw e;
    }
  }

  private Verdict carryOut(Plan plan, Work work) {
    return switch (plan) {
      case Plan.Nothing(var why) -> {
        progress.note("Nothing to do: " + why + ".");
        yield reporter.finish(Verdict.nothingToDo(), Optional.empty());
      }
      case Plan.BuildOnly buildOnly -> buildOnly(buildOnly, work);
      case Plan.Deploy deploy -> new DeployRun(work, reporter).deploy(deploy);
      case Plan.Preview preview -> new PreviewRun(work, reporter).preview(preview);
      case Plan.GiveBack giveBack -> new PreviewRun(work, reporter).giveBack(giveBack);
      case Plan.Sweep sweep -> new SweepRun(work, reporter).sweep(sweep);
    };
  }

  private void announce(Plan plan) {
    if (settings.dryRun()) {
      reporter.plannedSilently(plan);
    } else {
      reporter.planned(plan);
    }
  }

  /**
   * The process is about to be ended by a signal: the thread that runs is interrupted by the
   * caller, and what it leaves pending is told to be cancelled. May be called by any thread.
   */
  public void cancel() {
    reporter.cancel();
  }

  /** Tells all that is pending to be cancelled, where the thread that runs does not get to it. */
  public void giveUp() {
    reporter.giveUp();
  }

  /** Makes the plan that {@link #run} would carry out, and touches nothing. */
  public Plan plan() {
    try (var source = GitSource.open(forge.run().repository(), forge.token())) {
      return plan(policy(source), source);
    }
  }

  private Policy policy(GitSource source) {
    return PolicyFile.read(source, settings.policyPath(), forge.run().repository().defaultBranch());
  }

  private Plan plan(Policy policy, GitSource source) {
    settings
        .narrowing()
        .environment()
        .filter(name -> policy.environment(name).isEmpty())
        .ifPresent(
            name -> {
              throw Refused.noSuchEnvironment(
                  name, policy.environments().stream().map(e -> e.name()).toList());
            });
    Event event =
        forge.event() instanceof Event.Dispatched dispatched
            ? WishedRef.found(dispatched, source)
            : forge.event();
    Plan plan = Planner.plan(event, policy, settings.narrowing());
    return plan instanceof Plan.Deploy deploy ? proven(deploy, source) : plan;
  }

  /** Where some environments may have the commit as it is, the others don't hold these up. */
  private Plan.Deploy proven(Plan.Deploy plan, GitSource source) {
    var content = plan.source();
    if (plan.unmerged().isEmpty() || source.isOnDefaultBranch(content.commit())) {
      return plan;
    }
    Plan.Deploy left = plan.unmerged().get();
    var failure =
        Refused.notOnDefaultBranch(
            content.commit(), content.ref(), forge.run().repository().defaultBranch());
    plan.environments().stream()
        .filter(environment -> !left.environments().contains(environment))
        .forEach(
            environment ->
                progress.warn(
                    "%s is left out: %s. %s"
                        .formatted(environment.name(), failure.told(), failure.advice())));
    return left;
  }

  private Verdict buildOnly(Plan.BuildOnly plan, Work work) {
    progress.note(plan.why() + ".");
    work.build(plan, Audience.PULL_REQUESTS, Publication.NONE);
    return reporter.finish(Verdict.success(), Optional.empty());
  }
}
