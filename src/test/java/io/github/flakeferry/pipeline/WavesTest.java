package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.SomeCode;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.pipeline.Rollout.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WavesTest {
  private static final Policy POLICY =
      PolicyReader.read(
          "flakeferry.yml",
          """
          boards:
            a1: { host: a1, host-key: "%1$s", tags: [a] }
            a2: { host: a2, host-key: "%1$s", tags: [a] }
            a3: { host: a3, host-key: "%1$s", tags: [a] }
            b1: { host: b1, host-key: "%1$s", tags: [b] }
          environments:
            strict: { on: { push: main }, boards: a }
            patient: { on: { push: main }, boards: a, max-failures: 1 }
            watched: { on: { push: main }, boards: a, waves: [a1, a2, rest], wave-pause: 10m }
            lenient:
              { on: { push: main }, boards: a, waves: [a1, a2, rest], wave-pause: 1m, max-failures: 1 }
            other: { on: { push: main }, boards: b }
          """
              .formatted(
                  "ssh-ed25519"
                      + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"));

  private final List<String> turns = new ArrayList<>();
  private final Map<String, Outcome> amiss = new HashMap<>();
  private Optional<String> newer = Optional.empty();
  private boolean cancelled;

  @ParameterizedTest
  @CsvSource({
    "strict, DEPLOYED, DEPLOYED",
    "strict, UNCHANGED, DEPLOYED",
    "strict, DEFERRED, DEFERRED",
    "strict, ROLLED_BACK, SKIPPED",
    "strict, REFUSED, SKIPPED",
    "strict, BUSY, SKIPPED",
    "strict, SUPERSEDED, SKIPPED",
    "strict, IN_DOUBT, SKIPPED",
    "strict, CANCELLED, SKIPPED",
    "patient, ROLLED_BACK, SKIPPED",
  })
  void whatBecameOfTheFirstWaveDecidesOnTheSecond(
      String environment, Outcome first, Outcome second) {
    var results = deploy(Map.of("a1", first), job("a1", environment, 0), job("a2", environment, 1));
    assertThat(results).extracting(BoardResult::outcome).containsExactly(first, second);
  }

  @Test
  void aWaveBeginsOnceAnyBoardHasTriedTheSystem() {
    deploy(
        Map.of("a1", Outcome.DEFERRED, "a3", Outcome.DEFERRED),
        job("a1", "strict", 0),
        job("a2", "strict", 0),
        job("a3", "strict", 1));
    assertThat(turns).containsExactly("a1 a2", "a3");
  }

  @Test
  void whoeverWaitsForTheFirstOnesIsToldWhoTheyAre() {
    var results =
        deploy(
            Map.of("a1", Outcome.DEFERRED),
            job("a1", "strict", 0),
            job("a2", "strict", 1),
            job("a3", "strict", 2));
    assertThat(turns).containsExactly("a1", "a2 deferred", "a3 deferred");
    assertThat(results.getLast().code()).contains(FailureCode.UNTRIED);
    assertThat(results.getLast().message())
        .isEqualTo(
            "not begun, for no board of an earlier wave has tried the system: a1 (deferred)");
  }

  @Test
  void oneThatIsNoLongerWellHasNotTriedItForOthers() {
    amiss.put("a1", Outcome.FAILED);
    deploy(Map.of(), job("a1", "lenient", 0), job("a2", "lenient", 1));
    assertThat(turns).containsExactly("a1", "pause PT1M", "look a1", "a1 failed", "a2 skipped");
  }

  @Test
  void failuresOfAllEarlierWavesCount() {
    var results =
        deploy(
            Map.of("a1", Outcome.FAILED, "a3", Outcome.FAILED),
            job("b1", "patient", 2),
            job("a1", "patient", 0),
            job("a2", "patient", 0),
            job("a3", "patient", 1));
    assertThat(turns).containsExactly("a1 a2", "a3", "b1 skipped");
    assertThat(results).last().extracting(BoardResult::outcome).isEqualTo(Outcome.SKIPPED);
  }

  @Test
  void anEnvironmentThatFailedDoesNotHoldUpAnother() {
    deploy(
        Map.of("a1", Outcome.FAILED),
        job("a1", "strict", 0),
        job("a2", "strict", 1),
        job("b1", "other", 0));
    assertThat(turns).containsExactly("a1", "a2 skipped", "b1");
  }

  @Test
  void aWavesBoardsHaveTheirTurnTogether() {
    deploy(Map.of(), job("a1", "strict", 0), job("a2", "strict", 0), job("a3", "strict", 1));
    assertThat(turns).containsExactly("a1 a2", "a3");
  }

  @Test
  void theBoardsThatAreSkippedAreToldWhoFailed() {
    var results =
        deploy(
            Map.of("a1", Outcome.ROLLED_BACK, "a2", Outcome.IN_DOUBT),
            job("a1", "patient", 0),
            job("a2", "patient", 0),
            job("a3", "patient", 1));
    assertThat(results.getLast().message())
        .isEqualTo(
            "not begun, for of an earlier wave failed a1 (rolled back), a2 (in doubt), and"
                + " max-failures is 1");
  }

  @Test
  void eachWaveIsWatchedAndLookedAtAgainWithThoseBeforeIt() {
    deploy(Map.of(), job("a1", "watched", 0), job("a2", "watched", 1), job("a3", "watched", 2));
    assertThat(turns)
        .containsExactly("a1", "pause PT10M", "look a1", "a2", "pause PT10M", "look a1 a2", "a3");
  }

  @Test
  void whatIsNotNewIsNotWatchedButLookedAt() {
    deploy(
        Map.of("a1", Outcome.UNCHANGED, "a2", Outcome.DEFERRED),
        job("a1", "watched", 0),
        job("a2", "watched", 0),
        job("a3", "watched", 1));
    assertThat(turns).containsExactly("a1 a2", "look a1", "a3");
  }

  @Test
  void aBoardThatIsNoLongerWellIsAFailureAndStopsTheRest() {
    amiss.put("a1", Outcome.FAILED);
    var results =
        deploy(Map.of(), job("a1", "watched", 0), job("a2", "watched", 1), job("a3", "watched", 2));
    assertThat(turns)
        .containsExactly("a1", "pause PT10M", "look a1", "a1 failed", "a2 skipped", "a3 skipped");
    assertThat(results)
        .extracting(BoardResult::outcome)
        .containsExactly(Outcome.FAILED, Outcome.SKIPPED, Outcome.SKIPPED);
  }

  @Test
  void asManyMayBeUnwellAsMayFail() {
    amiss.put("a1", Outcome.FAILED);
    var results =
        deploy(Map.of(), job("a1", "lenient", 0), job("a2", "lenient", 0), job("a3", "lenient", 1));
    assertThat(turns).containsExactly("a1 a2", "pause PT1M", "look a1 a2", "a1 failed", "a3");
    assertThat(results)
        .extracting(BoardResult::outcome)
        .containsExactly(Outcome.FAILED, Outcome.DEPLOYED, Outcome.DEPLOYED);
  }

  @Test
  void whatIsNewerTakesOverTheRest() {
    newer = Optional.of("refs/heads/main is abc by now");
    var results =
        deploy(Map.of(), job("a1", "watched", 0), job("a2", "watched", 1), job("a3", "watched", 2));
    assertThat(turns).containsExactly("a1", "pause PT10M", "a2 superseded", "a3 superseded");
    assertThat(results.getFirst().outcome()).isEqualTo(Outcome.DEPLOYED);
    assertThat(results.getLast().message()).contains("newer: refs/heads/main is abc by now");
  }

  @Test
  void aBoardThatWasGivenSomethingNewerSaysSo() {
    amiss.put("a1", Outcome.SUPERSEDED);
    deploy(Map.of(), job("a1", "watched", 0), job("a2", "watched", 1));
    assertThat(turns)
        .containsExactly("a1", "pause PT10M", "look a1", "a1 superseded", "a2 superseded");
  }

  @Test
  void aRunThatIsCancelledWhileItWaitsLeavesTheRest() {
    cancelled = true;
    var results =
        deploy(Map.of(), job("a1", "watched", 0), job("a2", "watched", 1), job("a3", "watched", 2));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(turns).containsExactly("a1", "pause PT10M", "a2 cancelled", "a3 cancelled");
    assertThat(results)
        .extracting(BoardResult::outcome)
        .containsExactly(Outcome.DEPLOYED, Outcome.CANCELLED, Outcome.CANCELLED);
  }

  private List<BoardResult> deploy(Map<String, Outcome> outcomes, Job... jobs) {
    return new Waves(
            new Recorded(outcomes),
            told -> turns.add(told.board() + " " + told.outcome().name().toLowerCase(Locale.ROOT)))
        .deploy(List.of(jobs));
  }

  /** Writes down what is asked of it. */
  private final class Recorded implements Waves.Steps {
    private final Map<String, Outcome> outcomes;

    Recorded(Map<String, Outcome> outcomes) {
      this.outcomes = outcomes;
    }

    @Override
    public List<BoardResult> deploy(List<Job> wave) {
      turns.add(String.join(" ", wave.stream().map(WavesTest::name).toList()));
      return wave.stream()
          .map(job -> result(job.planned(), outcomes.getOrDefault(name(job), Outcome.DEPLOYED)))
          .toList();
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
      turns.add("pause " + time);
      if (cancelled) {
        throw new InterruptedException();
      }
    }

    @Override
    public Optional<String> superseded() {
      return newer;
    }

    @Override
    public List<Waves.Turn> lookAgain(List<Waves.Turn> reached) {
      turns.add("look " + String.join(" ", reached.stream().map(t -> name(t.job())).toList()));
      return reached.stream()
          .filter(turn -> amiss.containsKey(name(turn.job())))
          .map(
              turn ->
                  new Waves.Turn(
                      turn.job(),
                      turn.result()
                          .later(
                              SomeCode.of(amiss.getOrDefault(name(turn.job()), Outcome.FAILED))
                                  .orElseThrow(),
                              "amiss")))
          .toList();
    }
  }

  private static BoardResult result(Plan.PlannedBoard planned, Outcome outcome) {
    return new BoardResult(
        planned.board().name(),
        planned.action(),
        outcome,
        SomeCode.of(outcome),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        0,
        "",
        UnitChanges.NONE);
  }

  private static String name(Job job) {
    return job.planned().board().name().value();
  }

  private static Job job(String board, String environment, int wave) {
    EnvironmentPolicy policy = POLICY.environment(environment).orElseThrow();
    var system = StorePath.parse("/nix/store/00000000000000000000000000000000-system");
    return new Job(
        new Plan.PlannedBoard(
            POLICY.board(new BoardName(board)).orElseThrow(), policy, policy.action(), wave),
        new Wanted.Incoming(
            system,
            new SystemPlatform("riscv64-linux"),
            List.of(
                new PathInfo(
                    system,
                    Sha256.of(new byte[32]),
                    1,
                    new TreeSet<>(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of())),
            List.of(),
            List.of(),
            List.of()));
  }
}
