package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.pipeline.Rollout.Job;
import java.util.ArrayList;
import java.util.List;
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
            other: { on: { push: main }, boards: b }
          """
              .formatted(
                  "ssh-ed25519"
                      + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"));

  private final List<String> turns = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "strict, DEPLOYED, DEPLOYED",
    "strict, UNCHANGED, DEPLOYED",
    "strict, DEFERRED, DEPLOYED",
    "strict, ROLLED_BACK, SKIPPED",
    "strict, REFUSED, SKIPPED",
    "strict, BUSY, SKIPPED",
    "strict, SUPERSEDED, SKIPPED",
    "strict, IN_DOUBT, SKIPPED",
    "strict, CANCELLED, SKIPPED",
    "patient, ROLLED_BACK, DEPLOYED",
  })
  void whatBecameOfTheFirstWaveDecidesOnTheSecond(
      String environment, Outcome first, Outcome second) {
    var results = deploy(Map.of("a1", first), job("a1", environment, 0), job("a2", environment, 1));
    assertThat(results).extracting(BoardResult::outcome).containsExactly(first, second);
  }

  @Test
  void failuresOfAllEarlierWavesCount() {
    var results =
        deploy(
            Map.of("a1", Outcome.FAILED, "a2", Outcome.FAILED),
            job("a3", "patient", 2),
            job("a1", "patient", 0),
            job("a2", "patient", 1));
    assertThat(turns).containsExactly("a1", "a2", "a3 skipped");
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

  private List<BoardResult> deploy(Map<String, Outcome> outcomes, Job... jobs) {
    return new Waves(
            wave -> {
              turns.add(String.join(" ", wave.stream().map(WavesTest::name).toList()));
              return wave.stream()
                  .map(
                      job ->
                          Waves.untouched(
                              job.planned(),
                              outcomes.getOrDefault(name(job), Outcome.DEPLOYED),
                              ""))
                  .toList();
            },
            skipped -> turns.add(skipped.board() + " skipped"))
        .deploy(List.of(jobs));
  }

  private static String name(Job job) {
    return job.planned().board().name().value();
  }

  private static Job job(String board, String environment, int wave) {
    EnvironmentPolicy policy = POLICY.environment(environment).orElseThrow();
    var system = StorePath.parse("/nix/store/00000000000000000000000000000000-system");
    return new Job(
        new Plan.PlannedBoard(
            POLICY.boards().stream()
                .filter(b -> b.name().value().equals(board))
                .findFirst()
                .orElseThrow(),
            policy,
            policy.action(),
            wave),
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
