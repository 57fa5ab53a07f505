package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.flakeferry.board.FollowStream.Frame;
import io.github.flakeferry.model.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowStreamTest {
  private static FollowStream of(String text) {
    return new FollowStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void framesAreReadOneByOne() throws IOException {
    FollowStream stream = of("B boot-1\nH\nL 6\nS\nE\nH\n\nS\nstate waiting\nboot x\n.\nE\n");

    assertThat(stream.next()).isEqualTo(new Frame.BootId("boot-1"));
    assertThat(stream.next()).isEqualTo(new Frame.Alive());
    // a log that looks like frames stays a log
    assertThat(stream.next()).isEqualTo(new Frame.Log(6, "S\nE\nH\n"));
    assertThat(stream.next()).isEqualTo(new Frame.State(List.of("state waiting", "boot x")));
    assertThat(stream.next()).isEqualTo(new Frame.End());
    assertThat(of("N\n").next()).isEqualTo(new Frame.Nothing());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "S\nstate waiting\n", "L 5\nabc", "L -1\n", "L 99999999\n", "Hello\n"})
  void whatIsBrokenOffOrNoFrameIsAnError(String text) {
    assertThatIOException().isThrownBy(() -> of(text).next());
  }

  @Test
  void aLineWithoutEndIsNotReadForEver() {
    assertThatIOException().isThrownBy(() -> of("x".repeat(1 << 20)).next());
  }

  @Test
  void aStateWithALongReasonIsReadWithItsEnd() throws IOException {
    String reason = "units failed: " + "a.service ".repeat(90) + "and there was no way back";
    var frame =
        (Frame.State)
            of("S\nstate failed\nreason %s\nunknown %s\n.\n".formatted(reason, "x".repeat(5000)))
                .next();

    assertThat(RunState.parse(frame.lines()).reason()).isEqualTo(reason);
  }

  @Test
  void aStateIsReadAndAnUnknownOneLeavesDoubt() {
    RunState state =
        RunState.parse(
            List.of("state rolled-back", "reason why", "current " + FactsReaderTest.SYSTEM));

    assertThat(state.stage()).isEqualTo(RunState.Stage.ROLLED_BACK);
    assertThat(state.reason()).isEqualTo("why");
    assertThat(state.current()).isPresent();
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> RunState.parse(List.of("state fine")))
        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.IN_DOUBT));
  }
}
