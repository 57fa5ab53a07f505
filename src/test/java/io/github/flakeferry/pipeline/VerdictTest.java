package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of outcomes and exit codes. */
final class VerdictTest {
  @ParameterizedTest
  @CsvSource({
    "'', nothing-to-do, 0",
    "UNCHANGED UNCHANGED, unchanged, 0",
    "DEPLOYED UNCHANGED DEFERRED, success, 0",
    "DEFERRED DEFERRED, deferred, 0",
    "DEPLOYED ROLLED_BACK, partially-deployed, 9",
    "UNCHANGED REFUSED SKIPPED, partially-deployed, 9",
    "REFUSED FAILED ROLLED_BACK, rolled-back, 10",
    "REFUSED FAILED BUSY, deploy-failed, 8",
    "IN_DOUBT REFUSED, deploy-failed, 8",
    "BUSY REFUSED, refused, 11",
    "BUSY DEFERRED, board-busy, 12",
    "SUPERSEDED, superseded, 13",
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

  private static BoardResult result(Outcome outcome) {
    return new BoardResult(
        new BoardName("b"),
        BoardAction.SWITCH,
        outcome,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        0,
        "");
  }
}
