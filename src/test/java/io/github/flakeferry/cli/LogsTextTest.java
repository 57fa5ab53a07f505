package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.PastRun;
import io.github.flakeferry.board.RunLog;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A board's log as people see it. */
final class LogsTextTest {
  private static final PastRun LAST =
      new PastRun(
          "b-2",
          Instant.parse("2026-01-02T03:04:05Z"),
          "switch",
          "ann@laptop",
          "0123456789",
          Optional.empty(),
          "rolled-back",
          "it was killed");
  private static final PastRun FIRST =
      new PastRun(
          "a-1",
          Instant.parse("2026-01-01T00:00:00Z"),
          "test",
          "run 1",
          "",
          Optional.empty(),
          "",
          "");

  @Test
  void theTableTellsWhichIsShown() {
    assertThat(render(LAST, List.of("one", "\u001b[2Jtwo"), Optional.of(List.of("journal"))))
        .isEqualTo(
            """
                RUN  BEGUN                 ACTION  STATE        COMMIT    BY
            *1  b-2  2026-01-02T03:04:05Z  switch  rolled-back  01234567  ann@laptop
            2   a-1  2026-01-01T00:00:00Z  test    preparing    unknown   run 1
            rolled-back: it was killed

            one
            [2Jtwo

            journal""");
  }

  @Test
  void whereThereIsNothingItSaysSo() {
    assertThat(render(FIRST, List.of(), Optional.of(List.of())))
        .contains("\n1   b-2", "\n*2  a-1")
        .endsWith("run 1\n\nnothing was logged\n\nthe journal has nothing of that");
  }

  private static String render(PastRun run, List<String> lines, Optional<List<String>> journal) {
    return LogsText.render(new RunLog(List.of(LAST, FIRST), run, lines, journal));
  }
}
