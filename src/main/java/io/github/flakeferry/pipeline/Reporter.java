package io.github.flakeferry.pipeline;

import io.github.flakeferry.forge.CheckConclusion;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.report.Headline;
import io.github.flakeferry.report.ResultsTable;
import io.github.flakeferry.report.RunReport;
import io.github.flakeferry.report.Summary;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.net.URI;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells the forge how the run goes, as it goes. For any number of threads. */
final class Reporter {
  private final Forge forge;
  private final Clock clock;
  private final CheckReport check;
  private final CommentReports comments;
  private final Optional<Reporter> whole;
  private final List<Reporter> parts = new CopyOnWriteArrayList<>();
  private final Findings findings;
  private EnvironmentReports environments;
  private volatile Optional<Failure> ofParts = Optional.empty();
  private boolean tellsAnybody = true;
  private volatile boolean cancelled;

  /** Of a run whose inputs leave all that the policy says. */
  Reporter(Forge forge, Clock clock) {
    this(forge, clock, Narrowing.NONE);
  }

  Reporter(Forge forge, Clock clock, Narrowing narrowing) {
    this(forge, clock, narrowing, Optional.empty());
  }

  private Reporter(Forge forge, Clock clock, Narrowing narrowing, Optional<Reporter> whole) {
    this.forge = forge;
    this.clock = clock;
    this.whole = whole;
    this.findings = new Findings(forge.run().url(), clock);
    this.check = new CheckReport(forge, narrowing);
    this.comments = new CommentReports(forge);
    this.environments = new EnvironmentReports(forge, List.of());
  }

  /**
   * Tells of a part of this run as if it were one of its own: statuses, deployments and comments.
   * Check, summary and outputs are the whole run's.
   */
  Reporter part(Plan plan) {
    var part = new Reporter(forge, clock, Narrowing.NONE, Optional.of(this));
    part.cancelled = cancelled;
    parts.add(part);
    part.planned(plan);
    return part;
  }

  /** Does the work, and tells how it failed if it does, or broke: the other parts go on. */
  Verdict finishing(Supplier<Verdict> work) {
    try {
      return work.get();
    } catch (Failure failure) {
      return finish(Verdict.of(failure), Optional.of(failure));
    } catch (RuntimeException broken) {
      // an interrupt comes to light in many ways
      if (cancelled || Thread.currentThread().isInterrupted()) {
        throw broken;
      }
      var failure = new PartBroken(broken);
      return finish(Verdict.of(failure), Optional.of(failure));
    }
  }

  /** The run's log, which also keeps the warnings for the report. */
  Progress progress() {
    return event -> {
      switch (event) {
        case ProgressEvent.Warning(var text) -> findings.warned(text);
        case ProgressEvent.BoardStep(var board, var step, var detail) -> boardBegun(board);
        case ProgressEvent.StageStarted _,
            ProgressEvent.StageEnded _,
            ProgressEvent.Note _,
            ProgressEvent.ForeignLine _,
            ProgressEvent.BuilderLine _,
            ProgressEvent.DerivationBegun _,
            ProgressEvent.DerivationEnded _,
            ProgressEvent.BuildAdvanced _,
            ProgressEvent.PublishAdvanced _,
            ProgressEvent.TransferAdvanced _,
            ProgressEvent.WaitBegun _,
            ProgressEvent.WaitEnded _,
            ProgressEvent.BoardLeft _,
            ProgressEvent.BoardEnded _ -> {}
      }
      forge.log().report(event);
    };
  }

  private void boardBegun(BoardName board) {
    Stream.concat(Stream.of(this), parts.stream()).forEach(r -> r.begun(board));
  }

  private synchronized void begun(BoardName board) {
    environments.boardBegun(board);
  }

  /** The plan is made, and this run will publish and deploy nothing: nobody waits for its end. */
  void plannedSilently(Plan made) {
    tellsAnybody = false;
    planned(made);
  }

  /** The plan is made: everything in it is pending. */
  synchronized void planned(Plan made) {
    findings.planned(made);
    if (whole.isEmpty()) {
      forge.output("plan", PlanJson.render(made));
    }
    if (!tellsAnybody) {
      check.leaveOut();
      return;
    }
    environments = new EnvironmentReports(forge, Reported.of(made));
    environments.planned();
    if (whole.isEmpty()) {
      check.planned(made);
      closeAbandoned(made);
    }
    if (made instanceof Plan.Preview) {
      comment("building and deploying", Optional.empty());
    }
  }

  /** The plan has come to less: of the rest nothing is told at the end. */
  void plannedLess(Plan less) {
    findings.planned(less);
  }

  /** What an earlier run for the same branch or pull request left open that was killed. */
  private void closeAbandoned(Plan made) {
    switch (made) {
      case Plan.Deploy _, Plan.Preview _, Plan.GiveBack _ ->
          forge.closeAbandoned(
              Stream.concat(made.commit().stream(), forge.before().stream()).toList());
      case Plan.Sweep _, Plan.Nothing _, Plan.BuildOnly _ -> {}
    }
  }

  /** One board is through. */
  synchronized void boardDone(BoardResult result, Optional<ClosureDifference> difference) {
    findings.found(result, difference);
    whole.ifPresent(w -> w.findings.found(result, difference));
    if (result.outcome().isPutOff()) {
      progress().warn(BoardsFailed.line(result));
    } else {
      progress().note(BoardsFailed.line(result));
    }
    environments.boardDone(result, findings.results());
  }

  /**
   * A part of a preview is not wanted any more. That is told at once, and nothing more of it.
   *
   * @param gone that part
   * @param rest the other
   * @param back what became of the boards that were lent already
   */
  synchronized void withdrawn(
      Plan.Preview gone, Plan.Preview rest, Failure why, List<BoardResult> back) {
    progress().warn(why.told());
    for (Plan.Pool pool : gone.pools()) {
      environments.withdraw(pool.environment().name(), described(why));
      if (isGivenBack(pool, back)) {
        givenBack(pool.environment().name(), gone.pullRequest());
      }
    }
    back.forEach(result -> boardDone(result, Optional.empty()));
    findings.planned(gone);
    comment(Headline.of(why), back, Optional.of(why));
    findings.planned(rest);
  }

  /** What became of boards so far, those of its parts among them. */
  List<BoardResult> results() {
    return findings.results();
  }

  /** Whether all of some boards are known to run what they should. */
  boolean hasReached(Collection<Plan.PlannedBoard> boards) {
    return boards.stream()
        .map(planned -> planned.board().name())
        .allMatch(
            name ->
                findings.results().stream()
                    .anyMatch(r -> r.board().equals(name) && r.outcome().reached()));
  }

  /** A pull request's preview is over. */
  void givenBack(String environment, long pullRequest) {
    forge.retire(new EnvironmentRef(environment, Optional.of(pullRequest)), "given back");
  }

  /** The run is at its end. */
  Verdict finish(Verdict verdict, Optional<Failure> problem) {
    return uninterrupted(() -> tell(verdict, problem));
  }

  /** An interrupt may have been the end, which is told all the same. */
  private static <T> T uninterrupted(Supplier<T> work) {
    boolean interrupted = Thread.interrupted();
    try {
      return work.get();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized Verdict tell(Verdict verdict, Optional<Failure> problem) {
    Optional<Failure> failure = problem.or(() -> ofBoards(verdict));
    failure.ifPresent(forge::failed);
    whole.ifPresent(w -> w.ofParts = w.ofParts.or(() -> failure));
    String headline = findings.headline(verdict, problem);
    RunReport report = findings.report(headline, problem);
    if (!report.results().isEmpty()) {
      ResultsTable.render(report.results()).lines().forEach(progress()::note);
    }
    if (tellsAnybody && findings.plan() instanceof Plan.GiveBack(var head, var number, var pools)) {
      if (problem.isEmpty()) {
        pools.stream()
            .filter(pool -> isGivenBack(pool, report.results()))
            .forEach(pool -> givenBack(pool.environment().name(), number));
      }
    }
    // the run for the newer commit has the comment
    if (tellsAnybody && verdict.reason().filter(FailureReason.SUPERSEDED::equals).isEmpty()) {
      comment(headline, problem);
    }
    // what was done before that was found out is undone
    boolean undone = problem.filter(p -> p.reason() == FailureReason.SUPERSEDED).isPresent();
    close(
        undone ? List.of() : findings.results(),
        cancelled || problem.isEmpty() ? StatusState.ERROR : StatusState.FAILURE,
        cancelled || problem.isEmpty() ? "cancelled" : described(problem.orElseThrow()),
        cancelled ? CheckConclusion.CANCELLED : States.check(verdict),
        report);
    if (whole.isEmpty()) {
      forge.summary(Summary.render(report));
      var failures = Stream.of(failure, ofParts, ofBoards(verdict)).flatMap(Optional::stream);
      new RunOutputs(forge).write(verdict, failures.toList(), report, url());
    }
    return verdict;
  }

  /** Whether none of its boards is, or may be, still had. */
  private static boolean isGivenBack(Plan.Pool pool, List<BoardResult> results) {
    return results.stream()
        .filter(r -> pool.boards().stream().anyMatch(b -> b.name().equals(r.board())))
        .allMatch(r -> r.outcome().reached());
  }

  private Optional<Failure> ofBoards(Verdict verdict) {
    return findings.results().isEmpty()
        ? Optional.empty()
        : verdict.reason().map(reason -> new BoardsFailed(reason, findings.results()));
  }

  /** A status that stays pending would hold a merge up for ever. */
  private void close(
      List<BoardResult> results,
      StatusState state,
      String description,
      CheckConclusion conclusion,
      RunReport report) {
    environments.finish(
        results,
        state,
        description,
        () -> {
          if (whole.isEmpty()) {
            check.finish(conclusion, report.headline(), Summary.ofCheck(report), report.problem());
          }
        });
  }

  /** The end of a dry run. */
  Verdict builtOnly() {
    progress().note("A dry run: nothing is published or deployed.");
    return finish(Verdict.success(), Optional.empty());
  }

  /** The process is about to be ended: what is pending is cancelled from now on. */
  void cancel() {
    cancelled = true;
    parts.forEach(part -> part.cancelled = true);
    forge.hurry();
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** The run did not come to an end of its own: a defect of ours, or of this machine. */
  void breakOff(String why, FailureCode code) {
    if (cancelled) {
      giveUp();
    } else {
      end(why, Verdict.of(code.reason()), code.label());
    }
  }

  /** The same where no time is left. */
  void giveUp() {
    end("cancelled", Verdict.cancelled(), "");
  }

  private void end(String why, Verdict verdict, String code) {
    parts.forEach(part -> part.closeAll(why));
    closeAll(why);
    uninterrupted(
        () -> {
          RunReport report = findings.report(why, Optional.empty());
          forge.summary(Summary.render(report));
          new RunOutputs(forge).write(verdict, code, report, url());
          return verdict;
        });
  }

  private Optional<URI> url() {
    return Stream.concat(Stream.of(this), parts.stream())
        .flatMap(each -> each.environments.url(findings.results()).stream())
        .findFirst();
  }

  private synchronized void closeAll(String why) {
    close(
        findings.results(),
        StatusState.ERROR,
        why,
        cancelled ? CheckConclusion.CANCELLED : CheckConclusion.FAILURE,
        findings.report(why, Optional.empty()));
  }

  private static String described(Failure problem) {
    return Headline.of(problem) + ": " + problem.problem().lines().findFirst().orElse("");
  }

  private void comment(String headline, Optional<Failure> problem) {
    comment(headline, findings.results(), problem);
  }

  private void comment(String headline, List<BoardResult> results, Optional<Failure> problem) {
    comments.write(
        findings.plan(),
        headline,
        results,
        (names, about, own) -> findings.report(names, about, own, problem));
  }
}
