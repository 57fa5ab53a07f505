package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.SomeCode;
import io.github.flakeferry.model.UnitChanges;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of outcomes and exit codes. */
final class VerdictTest {
  @ParameterizedTest
  @CsvSource({
    "'', nothing-to-do, 0",
    "UNCHANGED UNCHANGED, unchanged, 0",
    "DEPLOYED UNCHANGED DEFERRED, success, 0",
    "DEFERRED DEFERRED, deferred, 0",
    "WAITING, deferred, 0",
    "DEPLOYED ROLLED_BACK, partially-deployed, 9",
    "UNCHANGED REFUSED SKIPPED, partially-deployed, 9",
    "REFUSED FAILED ROLLED_BACK, rolled-back, 10",
    "REFUSED FAILED BUSY, deploy-failed, 8",
    "IN_DOUBT REFUSED, deploy-failed, 8",
    "BUSY REFUSED, refused, 11",
    "BUSY DEFERRED, board-busy, 12",
    "BUSY SUPERSEDED, board-busy, 12",
    "SUPERSEDED, superseded, 13",
    "DEPLOYED IN_DOUBT, partially-deployed, 9",
    "UNCHANGED SUPERSEDED, partially-deployed, 9",
    "DEPLOYED BUSY DEFERRED, partially-deployed, 9",
    "IN_DOUBT, deploy-failed, 8",
    "CANCELLED, deploy-failed, 8",
    "ROLLED_BACK SKIPPED, rolled-back, 10",
  })
  void boardsDecideTheExitCode(String outcomes, String label, int code) {
    var results =
        Arrays.stream(outcomes.split(" "))
            .filter(o -> !o.isEmpty())
            .map(o -> result(Outcome.valueOf(o)))
            .toList();
    Verdict verdict = Verdict.of(results, Optional.empty());
    assertThat(verdict.outcome()).isEqualTo(label);
    assertThat(verdict.exitCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "DEPLOYED, publish-failed, 7",
    "DEFERRED, publish-failed, 7",
    "ROLLED_BACK, rolled-back, 10",
  })
  void aPublicationThatFailedCountsAfterTheBoards(Outcome outcome, String label, int code) {
    Failure failure = new Failure(FailureCode.CACHE_FULL, "the cache is full", "") {};
    Verdict verdict = Verdict.of(List.of(result(outcome)), Optional.of(failure));
    assertThat(verdict.outcome()).isEqualTo(label);
    assertThat(verdict.exitCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @EnumSource(FailureReason.class)
  void aRunThatFailsExitsWithItsReason(FailureReason reason) {
    Verdict verdict = Verdict.of(new Failure(SomeCode.of(reason), "no", "") {});
    assertThat(verdict.outcome()).isEqualTo(reason.label());
    assertThat(verdict.exitCode()).isEqualTo(reason.exitCode()).isPositive();
  }

  private static BoardResult result(Outcome outcome) {
    return new BoardResult(
        new BoardName("b"),
        BoardAction.SWITCH,
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
}
