package io.github.flakeferry.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.ProgressScene;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FramesTest {
  private static final Duration FRAME = Duration.ofMillis(100);

  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final Screen screen = new Screen("xterm", terminal, new Window(80, 24), false);
  private long nanos;
  private int asked;
  private final Frames frames =
      new Frames(
          new LiveProgress(screen, false, new ProgressScene()),
          screen,
          () -> {
            asked++;
            return Optional.of(new Window(100, 24));
          },
          () -> nanos);

  @BeforeEach
  void begin() {
    frames.report(new ProgressEvent.BoardStep(new BoardName("lab-1"), "facts", Optional.empty()));
  }

  private void beatAfter(Duration time) {
    nanos += time.toNanos();
    frames.beat();
  }

  @Test
  void aWindowIsAskedOnceHoweverOftenItChangesMeanwhile() {
    beatAfter(FRAME);
    assertThat(asked).isZero();
    for (int i = 0; i < 50; i++) {
      frames.resized();
    }
    assertThat(asked).isZero();
    beatAfter(FRAME);
    beatAfter(FRAME);
    assertThat(asked).isEqualTo(1);
  }

  /** It may come before the signal that says that the process was stopped. */
  @Test
  void aBeatThatComesLateDrawsNothing() {
    beatAfter(Duration.ofMinutes(1));
    assertThat(terminal.size()).isZero();
    frames.continued();
    beatAfter(FRAME);
    assertThat(terminal.toString(StandardCharsets.UTF_8)).contains("lab-1");
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void whereAllComeLateSomeDraw() {
    beatAfter(Duration.ofSeconds(2));
    beatAfter(Duration.ofSeconds(2));
    assertThat(terminal.toString(StandardCharsets.UTF_8)).contains("lab-1");
  }
}
