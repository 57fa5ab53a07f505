package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.report.Comment;
import io.github.flakeferry.report.Headline;
import io.github.flakeferry.report.Loan;
import io.github.flakeferry.report.ResultsJson;
import io.github.flakeferry.report.ResultsTable;
import io.github.flakeferry.report.RunReport;
import io.github.flakeferry.report.Summary;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Tells the forge how the run goes, as it goes: statuses, the comment, summary and outputs. */
final class Reporter {
  private final Forge forge;
  private final Clock clock;
  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  private final Map<BoardName, BoardResult> results = Collections.synchronizedMap(new TreeMap<>());
  private final Map<BoardName, ClosureDifference> changes =
      Collections.synchronizedMap(new TreeMap<>());
  private final Optional<Reporter> whole;
  private Plan plan = new Plan.Nothing("");

  Reporter(Forge forge, Clock clock) {
    this(forge, clock, Optional.empty());
  }

  private Reporter(Forge forge, Clock clock, Optional<Reporter> whole) {
    this.forge = forge;
    this.clock = clock;
    this.whole = whole;
  }

  /**
   * Tells of a part of this run as if it were one of its own: statuses and comments. Summary and
   * outputs are the whole run's.
   */
  Reporter part(Plan plan) {
    var part = new Reporter(forge, clock, Optional.of(this));
    part.planned(plan);
    return part;
  }

  /** Does the work, and tells how it failed if it does. */
  Verdict finishing(Supplier<Verdict> work) {
    try {
      return work.get();
    } catch (Failure failure) {
      return finish(Verdict.of(failure), Optional.of(failure));
    }
  }

  /** The run's log, which also keeps the warnings for the report. */
  Progress progress() {
    return event -> {
      if (event instanceof ProgressEvent.Warning(var text)) {
        warnings.add(text);
      }
      forge.log().report(event);
    };
  }

  /** The plan is made: everything in it is pending. */
  void planned(Plan made) {
    plan = made;
    if (whole.isEmpty()) {
      forge.output("plan", PlanJson.render(made));
    }
    switch (made) {
      case Plan.Deploy(var source, var boards) ->
          boards.forEach(
              b -> status(source.commit(), b, StatusState.PENDING, "building and deploying"));
      case Plan.Preview preview -> {
        preview
            .pools()
            .forEach(
                pool ->
                    forge.boardStatus(
                        preview.source().commit(),
                        context(pool),
                        StatusState.PENDING,
                        "building and deploying"));
        comment("building and deploying", Optional.empty());
      }
      case Plan.Sweep sweep -> {}
      case Plan.Nothing nothing -> {}
      case Plan.BuildOnly buildOnly -> {}
      case Plan.GiveBack giveBack -> {}
    }
  }

  /** One board is through. */
  void boardDone(BoardResult result, Optional<ClosureDifference> difference) {
    keep(result, difference);
    whole.ifPresent(w -> w.keep(result, difference));
    if (result.outcome() == Outcome.DEFERRED) {
      progress().warn(BoardsFailed.line(result));
    } else {
      progress().note(BoardsFailed.line(result));
    }
    String description = Headline.of(List.of(result)) + ": " + firstLine(result.message());
    switch (plan) {
      case Plan.Deploy(var source, var boards) ->
          boards.stream()
              .filter(b -> b.board().name().equals(result.board()))
              .forEach(b -> status(source.commit(), b, state(result.outcome()), description));
      case Plan.Preview preview ->
          preview.pools().stream()
              .filter(pool -> has(pool, result))
              .forEach(
                  pool ->
                      forge.boardStatus(
                          preview.source().commit(),
                          context(pool),
                          state(result.outcome()),
                          description));
      case Plan.Sweep sweep -> {}
      case Plan.GiveBack giveBack -> {}
      case Plan.Nothing nothing -> {}
      case Plan.BuildOnly buildOnly -> {}
    }
  }

  private void keep(BoardResult result, Optional<ClosureDifference> difference) {
    results.put(result.board(), result);
    difference.ifPresent(d -> changes.put(result.board(), d));
  }

  /** The run is at its end. */
  Verdict finish(Verdict verdict, Optional<Failure> problem) {
    problem.ifPresent(this::closeWhatIsPending);
    problem
        .or(() -> verdict.reason().map(r -> new BoardsFailed(r, List.copyOf(results.values()))))
        .ifPresent(forge::failed);
    String headline = headline(verdict, problem);
    RunReport report = report(headline, problem);
    if (!report.results().isEmpty()) {
      ResultsTable.render(report.results()).lines().forEach(progress()::note);
    }
    // the run for the newer commit has the comment
    if (verdict.reason().filter(FailureReason.SUPERSEDED::equals).isEmpty()) {
      comment(headline, problem);
    }
    if (whole.isPresent()) {
      return verdict;
    }
    forge.summary(Summary.render(report));
    forge.output("outcome", verdict.outcome());
    forge.output("failure-reason", verdict.reason().map(r -> r.label()).orElse(""));
    forge.output("results", ResultsJson.render(report));
    return verdict;
  }

  /** The end of a dry run. */
  Verdict builtOnly() {
    progress().note("A dry run: nothing is published or deployed.");
    return finish(Verdict.success(), Optional.empty());
  }

  private String headline(Verdict verdict, Optional<Failure> problem) {
    return switch (plan) {
      case Plan.Nothing(var why) when problem.isEmpty() -> "nothing to do: " + why;
      case Plan.BuildOnly(var source, var configurations, var why) when problem.isEmpty() ->
          "built, not deployed: " + why;
      default ->
          results.isEmpty() && problem.isPresent()
              ? Headline.of(problem.get())
              : results.isEmpty() ? verdict.outcome() : Headline.of(List.copyOf(results.values()));
    };
  }

  /** A status that stays pending would hold a merge up for ever. */
  private void closeWhatIsPending(Failure problem) {
    String description = Headline.of(problem) + ": " + firstLine(problem.problem());
    switch (plan) {
      case Plan.Deploy(var source, var boards) ->
          boards.stream()
              .filter(b -> !results.containsKey(b.board().name()))
              .forEach(b -> status(source.commit(), b, StatusState.FAILURE, description));
      case Plan.Preview preview ->
          preview.pools().stream()
              .filter(pool -> results.values().stream().noneMatch(r -> has(pool, r)))
              .forEach(
                  pool ->
                      forge.boardStatus(
                          preview.source().commit(),
                          context(pool),
                          StatusState.FAILURE,
                          description));
      case Plan.Sweep sweep -> {}
      case Plan.Nothing nothing -> {}
      case Plan.BuildOnly buildOnly -> {}
      case Plan.GiveBack giveBack -> {}
    }
  }

  private void comment(String headline, Optional<Failure> problem) {
    switch (plan) {
      case Plan.Preview preview ->
          preview.pools().forEach(p -> comment(preview.pullRequest(), p, headline, problem));
      case Plan.GiveBack giveBack ->
          giveBack.pools().forEach(p -> comment(giveBack.pullRequest(), p, headline, problem));
      case Plan.Sweep sweep -> {}
      case Plan.Nothing nothing -> {}
      case Plan.BuildOnly buildOnly -> {}
      case Plan.Deploy deploy -> {}
    }
  }

  /** One comment for each environment: about its boards alone. */
  private void comment(
      long pullRequest, Plan.Pool pool, String headline, Optional<Failure> problem) {
    var own = results.values().stream().filter(r -> has(pool, r)).toList();
    String about = own.isEmpty() ? headline : Headline.of(own);
    forge.comment(
        pullRequest,
        pool.environment().name(),
        Comment.render(report(List.of(pool.environment().name()), about, own, problem)));
  }

  private static boolean has(Plan.Pool pool, BoardResult result) {
    return pool.boards().stream().anyMatch(b -> b.name().equals(result.board()));
  }

  private RunReport report(String headline, Optional<Failure> problem) {
    return report(environments(), headline, List.copyOf(results.values()), problem);
  }

  private RunReport report(
      List<String> environments,
      String headline,
      List<BoardResult> about,
      Optional<Failure> problem) {
    var report =
        new RunReport(
            environments,
            headline,
            plan.commit(),
            forge.run().url(),
            about,
            Map.copyOf(changes),
            List.copyOf(warnings),
            problem,
            clock.instant());
    return loan(about).map(report::lending).orElse(report);
  }

  /** The board that the pull request has now. */
  private Optional<Loan> loan(List<BoardResult> about) {
    return plan instanceof Plan.Preview preview
        ? preview.pools().stream()
            .flatMap(
                pool ->
                    pool.boards().stream()
                        .filter(
                            b ->
                                about.stream()
                                    .anyMatch(
                                        r -> r.outcome().reached() && r.board().equals(b.name())))
                        .map(b -> loan(b, pool)))
            .findFirst()
        : Optional.empty();
  }

  private Loan loan(BoardPolicy board, Plan.Pool pool) {
    return new Loan(
        board.name(),
        board.address(),
        pool.environment().preview().lease().map(clock.instant()::plus));
  }

  private List<String> environments() {
    return switch (plan) {
      case Plan.Deploy(var source, var boards) ->
          boards.stream().map(b -> b.environment().name()).distinct().toList();
      case Plan.Preview preview -> names(preview.pools());
      case Plan.GiveBack giveBack -> names(giveBack.pools());
      case Plan.Sweep sweep -> names(sweep.pools());
      case Plan.Nothing nothing -> List.of();
      case Plan.BuildOnly buildOnly -> List.of();
    };
  }

  private void status(
      GitRevision commit, Plan.PlannedBoard board, StatusState state, String description) {
    forge.boardStatus(commit, context(board), state, description);
  }

  /** What the status of a board is about. */
  static String context(Plan.PlannedBoard board) {
    return "flakeferry/" + board.environment().name() + "/" + board.board().name();
  }

  private static List<String> names(List<Plan.Pool> pools) {
    return pools.stream().map(p -> p.environment().name()).toList();
  }

  /** What the status of a pool is about. */
  static String context(Plan.Pool pool) {
    return "flakeferry/" + pool.environment().name();
  }

  private static StatusState state(Outcome outcome) {
    return switch (outcome) {
      case DEPLOYED, UNCHANGED -> StatusState.SUCCESS;
      case DEFERRED -> StatusState.PENDING;
      case IN_DOUBT, CANCELLED -> StatusState.ERROR;
      case ROLLED_BACK, REFUSED, FAILED, BUSY, SUPERSEDED, SKIPPED -> StatusState.FAILURE;
    };
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
