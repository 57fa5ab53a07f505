package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyInvalid;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.model.SomeCode;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.model.Wish;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReporterTest {
  private static final GitRevision COMMIT =
      new GitRevision("6113728f27ae82c7b1a177c8d03f9e96e0adf246");
  private static final Repository REPOSITORY =
      new Repository("owner/boards", URI.create("https://github.com/owner/boards.git"), "main");
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO";
  private static final Policy POLICY = policy(3);
  private static final Policy LABELED =
      PolicyReader.read(
          "flakeferry.yml",
          """
          boards:
            p: { host-key: "%1$s" }
            q: { host-key: "%1$s" }
          environments:
            preview: { on: pull_request, boards: p }
            lab: { on: pull_request, boards: q, label: lab }
          """
              .formatted(KEY));

  private final RecordingForge forge =
      new RecordingForge(new Event.BranchPushed(REPOSITORY, "main", COMMIT));
  private final Reporter reporter = new Reporter(forge, Clock.systemUTC());

  private static Policy policy(int many) {
    return PolicyReader.read(
        "flakeferry.yml",
        """
        boards:
          a: { host-key: "%1$s", tags: [staging] }
          b: { host-key: "%1$s", tags: [production] }
          c: { host-key: "%1$s", tags: [production] }
          p: { host-key: "%1$s" }
        %2$s
        environments:
          staging: { on: { push: main }, boards: staging }
          production:
            on: { push: main }
            boards: production
            health: { url: "http://shop.lan/" }
          many: { on: { push: crowd }, boards: many }
          preview: { on: pull_request, boards: p }
        """
            .formatted(
                KEY,
                IntStream.range(0, many)
                    .mapToObj(i -> "  m%d: { host-key: \"%s\", tags: [many] }".formatted(i, KEY))
                    .collect(Collectors.joining("\n"))));
  }

  private static Plan plan(Event event, Policy policy) {
    return Planner.plan(event, policy, Narrowing.NONE);
  }

  private Plan pushed() {
    return plan(forge.event(), POLICY);
  }

  private static Plan pullRequest(boolean closed) {
    var request = new PullRequest(7, COMMIT, "topic", HeadTrust.SAME_REPOSITORY, false, Set.of());
    return plan(
        closed
            ? new Event.PullRequestClosed(REPOSITORY, request)
            : new Event.PullRequestUpdated(REPOSITORY, request),
        POLICY);
  }

  private static BoardResult result(String board, Outcome outcome) {
    return new BoardResult(
        new BoardName(board),
        BoardAction.SWITCH,
        outcome,
        SomeCode.of(outcome),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        0,
        "as it was\nand more",
        UnitChanges.NONE);
  }

  private void done(String board, Outcome outcome) {
    reporter.boardDone(result(board, outcome), Optional.empty());
  }

  private void finish(Outcome... outcomes) {
    var results = List.of(outcomes).stream().map(o -> result("a", o)).toList();
    reporter.finish(Verdict.of(results, Optional.empty()), Optional.empty());
  }

  @Test
  void tellsOfEachEnvironmentAndItsBoardsFromBeginningToEnd() {
    reporter.planned(pushed());
    reporter
        .progress()
        .report(new ProgressEvent.BoardStep(new BoardName("a"), "facts", Optional.empty()));
    done("a", Outcome.DEPLOYED);
    reporter
        .progress()
        .report(new ProgressEvent.BoardStep(new BoardName("b"), "facts", Optional.empty()));
    reporter
        .progress()
        .report(new ProgressEvent.BoardStep(new BoardName("c"), "facts", Optional.empty()));
    done("b", Outcome.DEPLOYED);
    done("c", Outcome.ROLLED_BACK);
    finish(Outcome.DEPLOYED, Outcome.ROLLED_BACK);

    assertThat(forge.told())
        .containsExactly(
            "flakeferry/staging PENDING building and deploying",
            "flakeferry/production PENDING building and deploying",
            "flakeferry/staging/a PENDING building and deploying",
            "flakeferry/production/b PENDING building and deploying",
            "flakeferry/production/c PENDING building and deploying",
            "deployment staging QUEUED",
            "deployment production QUEUED",
            "check begun",
            "close 6113728f",
            "deployment staging IN_PROGRESS",
            "flakeferry/staging/a SUCCESS 1 board deployed: as it was",
            // not before its other half, but before the run is at its end
            "deployment staging SUCCESS",
            "flakeferry/staging SUCCESS 1 board deployed: as it was",
            "deployment production IN_PROGRESS",
            "flakeferry/production/b SUCCESS 1 board deployed: as it was",
            "flakeferry/production/c FAILURE 1 board rolled back: as it was",
            "deployment production FAILURE",
            "check FAILURE 2 boards deployed, 1 board rolled back",
            "flakeferry/production FAILURE 1 board deployed, 1 board rolled back",
            "summary");
    assertThat(forge.outputs()).containsEntry("environment-url", "http://shop.lan/");
  }

  @Test
  void manyBoardsHaveTheStatusOfTheirEnvironmentOnly() {
    var crowd = new Event.BranchPushed(REPOSITORY, "crowd", COMMIT);
    reporter.planned(plan(crowd, policy(StatusReports.MOST_BOARDS + 1)));
    assertThat(forge.told()).filteredOn(t -> t.startsWith("flakeferry/")).hasSize(1);
    var fewer = new RecordingForge(crowd);
    new Reporter(fewer, Clock.systemUTC()).planned(plan(crowd, policy(StatusReports.MOST_BOARDS)));
    assertThat(fewer.told()).filteredOn(t -> t.startsWith("flakeferry/")).hasSize(21);
  }

  private List<String> toldOf(Event event, Narrowing narrowing) {
    var own = new RecordingForge(event);
    var part = new Reporter(own, Clock.systemUTC(), narrowing);
    part.planned(Planner.plan(event, POLICY, narrowing));
    var told = new ArrayList<>(own.told().stream().filter(t -> t.contains("/")).toList());
    told.addAll(own.checks());
    return told;
  }

  @Test
  void jobsThatHaveAPartOfAnEnvironmentEachDoNotSpeakForTheWhole() {
    var production = Optional.of("production");
    var push = forge.event();
    assertThat(toldOf(push, new Narrowing(production, Optional.of(Selector.parse("=b")))))
        .containsExactly(
            "flakeferry/production (b) PENDING building and deploying",
            "flakeferry/production/b PENDING building and deploying",
            "flakeferry (production: =b)");
    assertThat(toldOf(push, new Narrowing(production, Optional.of(Selector.parse("=b,c")))))
        .contains("flakeferry/production PENDING building and deploying");
    assertThat(toldOf(push, new Narrowing(production, Optional.empty())))
        .contains(
            "flakeferry/production PENDING building and deploying", "flakeferry (production)");
    assertThat(toldOf(push, Narrowing.NONE)).contains("flakeferry");
    // by hand
    assertThat(toldOf(asked(Optional.of("c"), Optional.empty()), Narrowing.NONE))
        .contains("flakeferry/production (c) PENDING building and deploying");
    assertThat(
            toldOf(asked(Optional.empty(), Optional.of(BoardAction.DRY_ACTIVATE)), Narrowing.NONE))
        .contains(
            "flakeferry/production: dry-activate PENDING building and deploying",
            "flakeferry/production: dry-activate/b PENDING building and deploying");
  }

  private static Event asked(Optional<String> boards, Optional<BoardAction> action) {
    return new Event.Dispatched(
        REPOSITORY,
        "refs/heads/main",
        COMMIT,
        new Wish(
            Optional.of("production"),
            boards,
            action,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void manyBoardsNamesAreCutAndStillTellTwoPartsApart() {
    var names = IntStream.range(0, 40).mapToObj(i -> new BoardName("board-" + i)).toList();
    String first = Reported.part(names.subList(0, 20));
    assertThat(first).startsWith("board-0, board-1").hasSizeLessThan(100);
    assertThat(Reported.part(names.subList(0, 21))).isNotEqualTo(first).hasSizeLessThan(100);
  }

  @Test
  void whatIsAskedForByHandSaysForWhom() {
    var wish =
        new Wish(
            Optional.of("preview"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(7L),
            Optional.of(COMMIT));
    reporter.planned(
        plan(new Event.Dispatched(REPOSITORY, "refs/heads/main", COMMIT, wish), POLICY));
    reporter.boardDone(result("p", Outcome.WAITING), Optional.empty());
    finish(Outcome.WAITING);
    assertThat(forge.told())
        .contains("flakeferry/preview WAITING #7 by hand: waits for a board: as it was");
  }

  @Test
  void aFailureClosesAllThatIsPending() {
    reporter.planned(pushed());
    Failure failure = Refused.closedMeanwhile(7);
    reporter.finish(Verdict.of(failure), Optional.of(failure));
    assertThat(forge.open()).isEmpty();
    assertThat(forge.told())
        .contains(
            "flakeferry/production FAILURE superseded: pull request 7 was closed while its system"
                + " was built",
            "deployment production FAILURE");
  }

  @Test
  void aBoardThatWasTakenForNothingIsNoSuccess() {
    reporter.planned(pullRequest(false));
    reporter.boardDone(result("p", Outcome.DEPLOYED), Optional.empty());
    Failure failure = Refused.closedMeanwhile(7);
    reporter.finish(Verdict.of(failure), Optional.of(failure));
    assertThat(forge.told())
        .contains("deployment preview#7 FAILURE")
        .noneMatch(told -> told.startsWith("deployment preview#7 SUCCESS"));
  }

  @Test
  void aCancelledRunSaysSo() {
    reporter.planned(pushed());
    done("a", Outcome.DEPLOYED);
    reporter.cancel();
    done("b", Outcome.CANCELLED);
    Failure failure = Refused.closedMeanwhile(7);
    reporter.finish(Verdict.of(failure), Optional.of(failure));
    assertThat(forge.open()).isEmpty();
    assertThat(forge.told())
        .contains(
            "hurry",
            "flakeferry/staging SUCCESS 1 board deployed: as it was",
            "flakeferry/production ERROR cancelled",
            "flakeferry/production/c ERROR cancelled",
            "deployment production ERROR",
            "check CANCELLED 1 board deployed, 1 board cancelled");
  }

  @Test
  void aRunThatIsLateOrBreaksLeavesNothingOpenEither() {
    reporter.planned(new Plan.Nothing("a sweep, say"));
    reporter.part(pushed());
    reporter.cancel();
    reporter.breakOff("internal error", FailureCode.DEFECT);
    assertThat(forge.open()).isEmpty();
    assertThat(forge.outputs())
        .containsEntry("outcome", "cancelled")
        .containsEntry("failure-code", "");
    assertThat(forge.told()).contains("flakeferry/production ERROR cancelled");

    var broken = new RecordingForge(forge.event());
    var other = new Reporter(broken, Clock.systemUTC());
    other.planned(pushed());
    other.breakOff("internal error", FailureCode.DEFECT);
    assertThat(broken.open()).isEmpty();
    assertThat(broken.outputs())
        .containsEntry("outcome", "internal-error")
        .containsEntry("failure-reason", "internal-error")
        .containsEntry("failure-code", "FF-0101")
        .containsKey("results");
    assertThat(broken.told())
        .contains("flakeferry/production ERROR internal error", "check FAILURE internal error");
  }

  @Test
  void whatIsDeferredWaitsAndIsNoDeploymentYet() {
    reporter.planned(pushed());
    done("a", Outcome.DEFERRED);
    done("b", Outcome.DEFERRED);
    done("c", Outcome.DEPLOYED);
    finish(Outcome.DEFERRED, Outcome.DEFERRED);
    assertThat(forge.told())
        .contains(
            "flakeferry/staging WAITING 1 board deferred: as it was",
            "deployment staging INACTIVE",
            "flakeferry/production WAITING 1 board deployed, 1 board deferred",
            "deployment production SUCCESS",
            "check NEUTRAL 1 board deployed, 2 boards deferred");
    assertThat(forge.open()).isEmpty();
  }

  @Test
  void aPreviewIsThePullRequestsOwnAndEndsWithIt() {
    reporter.planned(pullRequest(false));
    reporter.boardDone(result("p", Outcome.DEPLOYED), Optional.empty());
    finish(Outcome.DEPLOYED);
    assertThat(forge.told())
        .contains(
            "flakeferry/preview PENDING building and deploying",
            "deployment preview#7 QUEUED",
            "deployment preview#7 SUCCESS",
            "flakeferry/preview SUCCESS 1 board deployed: as it was",
            "comment 7 preview")
        .noneMatch(told -> told.startsWith("flakeferry/preview/"));

    var closing = new RecordingForge(forge.event());
    var other = new Reporter(closing, Clock.systemUTC());
    other.planned(pullRequest(true));
    other.finish(Verdict.nothingToDo(), Optional.empty());
    assertThat(closing.told())
        .contains("retire preview#7", "comment again 7 preview")
        .noneMatch(told -> told.startsWith("check") || told.startsWith("comment 7"));
  }

  @Test
  void aPreviewWhoseBoardDoesNotAnswerOrCannotBeAskedIsNotOver() {
    reporter.planned(pullRequest(true));
    done("p", Outcome.DEFERRED);
    finish(Outcome.DEFERRED);
    assertThat(forge.told()).contains("comment 7 preview").doesNotContain("retire preview#7");

    var failed = new RecordingForge(forge.event());
    var other = new Reporter(failed, Clock.systemUTC());
    other.planned(pullRequest(true));
    other.finish(Verdict.of(full), Optional.of(full));
    assertThat(failed.told())
        .contains("comment again 7 preview")
        .doesNotContain("retire preview#7");
  }

  @Test
  void aPreviewThatIsNeededStillKeepsItsCommentAndItsDeployment() {
    var plan = (Plan.GiveBack) pullRequest(true);
    reporter.planned(plan);
    reporter.plannedLess(plan.only(List.of()));
    reporter.finish(Verdict.nothingToDo(), Optional.empty());
    assertThat(forge.told())
        .noneMatch(told -> told.startsWith("comment") || told.startsWith("retire"));
  }

  @Test
  void ofTwoPreviewsTheOneThatLostItsLabelIsGivenBackAndTheOtherGoesWell() {
    var labeled =
        new PullRequest(7, COMMIT, "topic", HeadTrust.SAME_REPOSITORY, false, Set.of("lab"));
    var plan = (Plan.Preview) plan(new Event.PullRequestUpdated(REPOSITORY, labeled), LABELED);
    reporter.planned(plan);
    done("p", Outcome.DEPLOYED);
    done("q", Outcome.DEPLOYED);
    var back =
        new BoardResult(
            new BoardName("q"),
            BoardAction.GIVE_BACK,
            Outcome.DEPLOYED,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Duration.ZERO,
            0,
            "as it was",
            UnitChanges.NONE);
    reporter.withdrawn(
        plan.only(plan.pools().subList(1, 2)),
        plan.only(plan.pools().subList(0, 1)),
        Refused.unwantedMeanwhile(7),
        List.of(back));
    finish(Outcome.DEPLOYED);
    assertThat(forge.told())
        .contains("retire lab#7", "comment 7 lab", "comment 7 preview")
        .contains("flakeferry/preview SUCCESS 1 board deployed: as it was")
        .doesNotContain("retire preview#7");
    assertThat(
            forge.told().stream()
                .filter(told -> told.startsWith("flakeferry/lab "))
                .toList()
                .getLast())
        .startsWith("flakeferry/lab FAILURE superseded: pull request 7 was made a draft or lost");
    assertThat(forge.open()).isEmpty();
  }

  @Test
  void aDryRunPromisesNothing() {
    reporter.plannedSilently(pushed());
    reporter.builtOnly();
    assertThat(forge.told()).containsExactly("summary");
  }

  @Test
  void faultsOfThePolicyStandBesideTheirLines() {
    assertThatThrownBy(() -> PolicyReader.read("flakeferry.yml", "boards: {}\nenvironment: {}\n"))
        .isInstanceOfSatisfying(
            PolicyInvalid.class,
            invalid -> {
              reporter.finish(Verdict.of(invalid), Optional.of(invalid));
              assertThat(forge.annotations())
                  .extracting(a -> a.path() + ":" + a.line() + ":" + a.column())
                  .containsExactlyElementsOf(
                      invalid.faults().stream()
                          .map(f -> f.file() + ":" + f.line() + ":" + f.column())
                          .toList());
              assertThat(forge.told()).contains("check FAILURE config invalid");
            });
  }

  private final Failure full = new Failure(FailureCode.CACHE_FULL, "the cache is full", "") {};

  @Test
  void theCodeIsThatOfTheReason() {
    reporter.planned(pushed());
    done("a", Outcome.DEPLOYED);
    done("b", Outcome.ROLLED_BACK);
    var results = List.of(result("a", Outcome.DEPLOYED), result("b", Outcome.ROLLED_BACK));
    reporter.finish(Verdict.of(results, Optional.of(full)), Optional.of(full));
    assertThat(forge.outputs())
        .containsEntry("failure-reason", "partially-deployed")
        .containsEntry("failure-code", "FF-0901");
  }

  @Test
  void theCodeOfARunThatEndsWellIsEmpty() {
    reporter.planned(pushed());
    done("a", Outcome.DEPLOYED);
    finish(Outcome.DEPLOYED);
    assertThat(forge.outputs()).containsEntry("failure-code", "");
  }

  @Test
  void aSweepEndsWithTheCodeOfItsPart() {
    var swept = new RecordingForge(new Event.Scheduled(REPOSITORY, COMMIT));
    var sweep = new Reporter(swept, Clock.systemUTC());
    sweep.planned(plan(swept.event(), POLICY));
    Verdict ended = sweep.part(pushed()).finish(Verdict.of(full), Optional.of(full));
    sweep.finish(ended, Optional.empty());
    assertThat(swept.outputs())
        .containsEntry("failure-reason", "publish-failed")
        .containsEntry("failure-code", "FF-0702");
  }

  @Test
  void aPartThatBreaksEndsForItselfAndTheSweepGoesOn() {
    var swept = new RecordingForge(new Event.Scheduled(REPOSITORY, COMMIT));
    var sweep = new Reporter(swept, Clock.systemUTC());
    sweep.planned(plan(swept.event(), POLICY));
    Verdict broken =
        sweep
            .part(pullRequest(false))
            .finishing(
                () -> {
                  throw new IllegalStateException("out of its mind");
                });
    assertThat(broken.outcome()).isEqualTo("internal-error");
    assertThat(swept.open()).isEmpty();
    assertThat(swept.told())
        .anyMatch(told -> told.startsWith("flakeferry/preview FAILURE internal error: this part"));
    sweep.finish(broken, Optional.empty());
    assertThat(swept.outputs()).containsEntry("failure-reason", "internal-error");
  }

  @Test
  void aSweepHasNoCheckThatWouldHideThePushsOwn() {
    var swept = new RecordingForge(new Event.Scheduled(REPOSITORY, COMMIT));
    var sweep = new Reporter(swept, Clock.systemUTC());
    sweep.planned(plan(swept.event(), POLICY));
    Reporter part = sweep.part(pushed());
    part.boardDone(result("a", Outcome.DEPLOYED), Optional.empty());
    part.boardDone(result("b", Outcome.DEPLOYED), Optional.empty());
    part.boardDone(result("c", Outcome.DEPLOYED), Optional.empty());
    part.finish(Verdict.success(), Optional.empty());
    sweep.finish(Verdict.success(), Optional.empty());
    assertThat(swept.open()).isEmpty();
    assertThat(swept.told())
        .contains("deployment production SUCCESS")
        .noneMatch(told -> told.startsWith("check"))
        .endsWith("summary");
  }
}
