package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a board says of its runs. */
final class PastRunTest {
  @Test
  void eachIsReadAndWhatItSaysIsOneLineWithoutControlCharacters() {
    var runs =
        PastRun.all(
            """
            run 20260101T000000-00000002
            begun 1767225600
            action switch
            owner run\u001b]0;x\u0007 2
            commit 0123
            new %s
            state rolled-back
            reason it failed

            run older
            begun 0
            action
            new elsewhere

            """
                .formatted(FactsReaderTest.SYSTEM));

    assertThat(runs).hasSize(2);
    PastRun last = runs.getFirst();
    assertThat(last.token()).isEqualTo("20260101T000000-00000002");
    assertThat(last.begun()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(last.owner()).isEqualTo("run ]0;x  2");
    assertThat(last.system()).hasToString("Optional[" + FactsReaderTest.SYSTEM + "]");
    assertThat(last.state() + ": " + last.reason()).isEqualTo("rolled-back: it failed");
    assertThat(runs.getLast().action() + runs.getLast().state()).isEmpty();
    assertThat(runs.getLast().system()).isEmpty();
  }

  @Test
  void whatTheScriptDoesNotPrintIsRefused() {
    for (String said :
        new String[] {"Welcome\n", "run ../x\nbegun 1\n", "run x\nbegun soon\n", "run x\n"}) {
      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> PastRun.all(said))
          .withMessageContaining("can't be understood");
    }
  }
}
