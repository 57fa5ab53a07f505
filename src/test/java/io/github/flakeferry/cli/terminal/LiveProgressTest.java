package io.github.flakeferry.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.ProgressScene;
import io.github.flakeferry.support.progress.Wait;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody sees of a build and a deployment, after each write to the terminal. */
final class LiveProgressTest {
  private static final int ROWS = 24;

  private final ProgressScene scene = new ProgressScene();
  private final List<String> writes = new ArrayList<>();

  private final OutputStream terminal =
      new OutputStream() {
        @Override
        public void write(int b) {
          throw new AssertionError("one byte at a time");
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
          writes.add(new String(bytes, from, length, StandardCharsets.UTF_8));
        }
      };

  private Screen screen(String type, int columns, boolean coloured) {
    return new Screen(type, terminal, new Window(columns, ROWS), coloured);
  }

  private ScreenModel seen(int columns) {
    var model = new ScreenModel(columns, ROWS);
    writes.forEach(model::take);
    return model;
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 200})
  void theLogStandsAboveTheLinesThatLiveAndNothingIsLeftOfThemInTheEnd(int columns) {
    var live = new LiveProgress(screen("xterm-256color", columns, true), false, scene);
    scene.playUntil(live, Duration.ofMinutes(3));
    ScreenModel middle = seen(columns);
    assertThat(middle.lines())
        .contains("==> Deploy")
        .last()
        .asString()
        .startsWith("lab-2       connect");
    assertThat(middle.lines())
        .filteredOn(line -> line.startsWith("unmatched-1 transfer  30.0 of 390.0 MiB"))
        .hasSize(1);
    assertThat(middle.lines()).noneMatch(line -> line.startsWith("build"));
    assertThat(middle.isCursorBelow()).isTrue();

    scene.play(live);
    live.end();
    ScreenModel end = seen(columns);
    assertThat(end.text())
        .contains("    unmatched-1: deployed, 1 min 4 s", "    lab-2: deferred, 1 min 4 s");
    assertThat(end.lines()).last().isEqualTo("<== Deploy: 1 min 7 s");
    assertThat(end.lines())
        .noneMatch(line -> line.startsWith("unmatched-1") || line.startsWith("lab-2"));
    assertThat(end.isCursorBelow()).isTrue();
    assertThat(end.coloured()).isPositive();
  }

  @Test
  void nothingFlickers() {
    var live = new LiveProgress(screen("xterm-256color", 80, true), false, scene);
    var model = new ScreenModel(80, ROWS);
    int known = 0;
    boolean begun = false;
    for (int second = 163; second < 186; second++) {
      scene.playUntil(live, Duration.ofSeconds(second));
      for (String write : writes.subList(known, writes.size())) {
        model.take(write);
        // also between two writes both boards are there
        begun |= model.text().contains("\nunmatched-1 ");
        assertThat(!begun || model.text().contains("\nunmatched-1 ")).isTrue();
      }
      if (second > 170) {
        assertThat(writes.subList(known, writes.size())).hasSize(1);
        assertThat(writes.getLast().length()).isLessThan(120);
      }
      known = writes.size();
    }
    assertThat(begun).isTrue();
  }

  @Test
  void nothingIsWrittenWhileNothingChanges() {
    var live = new LiveProgress(screen("xterm-256color", 80, true), false, scene);
    live.report(step("a", "facts"));
    live.beat();
    int written = writes.size();
    live.beat();
    assertThat(writes).hasSize(written);
  }

  @Test
  void withoutColoursThereAreNone() {
    var live = new LiveProgress(screen("xterm-256color", 80, false), true, scene);
    scene.play(live);
    live.end();
    assertThat(seen(80).coloured()).isZero();
  }

  @Test
  void moreBoardsThanTheWindowHasLinesAreCounted() {
    var live = new LiveProgress(screen("xterm-256color", 40, true), false, scene);
    for (int i = 1; i <= 30; i++) {
      live.report(step("board-" + i, "facts"));
    }
    live.beat();
    assertThat(seen(40).lines()).hasSize(ROWS / 2).last().isEqualTo("and 19 more");
  }

  @Test
  void afterTheWindowHasChangedItIsFilledAnew() {
    Screen screen = screen("xterm-256color", 80, true);
    var live = new LiveProgress(screen, false, scene);
    live.report(new ProgressEvent.Note("a note"));
    live.report(step("a", "facts"));
    live.beat();
    var model = seen(80);
    int known = writes.size();
    screen.resized(new Window(40, 10));
    live.beat();
    writes.subList(known, writes.size()).forEach(model::take);
    assertThat(model.lines()).containsExactly("    a note", "a       facts  0 s");
  }

  @Test
  void whatIsErasedFromTheBeginOfTheWindowIsNotKeptAboveIt() {
    Screen screen = screen("xterm-256color", 80, true);
    var live = new LiveProgress(screen, false, scene);
    live.report(step("a", "facts"));
    live.beat();
    screen.resized(new Window(80, ROWS / 2));
    live.beat();
    assertThat(seen(80).lines()).containsExactly("a       facts  0 s");
    writes.add("^C");
    live.end();
    assertThat(seen(80).lines()).isEmpty();
  }

  @Test
  void anEndRightAfterTheWindowHasChangedLeavesNothing() {
    Screen screen = screen("xterm-256color", 80, true);
    var live = new LiveProgress(screen, false, scene);
    live.report(new ProgressEvent.Note("a note"));
    live.report(step("a", "facts"));
    live.beat();
    screen.resized(new Window(90, ROWS));
    live.end();
    assertThat(seen(80).lines()).containsExactly("    a note");
    writes.add("said since\r\n");
    live.report(new ProgressEvent.Note("another"));
    assertThat(seen(80).lines()).containsExactly("    a note", "said since", "    another");
  }

  @Test
  void whatAShellWroteWhileItWasStoppedIsNotDrawnOver() {
    Screen screen = screen("xterm-256color", 80, true);
    var live = new LiveProgress(screen, false, scene);
    live.report(step("a", "facts"));
    live.beat();
    writes.add("^Z\r\n[1]+  Stopped\r\n$ fg\r\n");
    screen.continued();
    live.beat();
    assertThat(seen(80).lines())
        .containsExactly("a       facts  0 s", "^Z", "[1]+  Stopped", "$ fg", "a       facts  0 s");
    live.end();
    assertThat(seen(80).lines())
        .containsExactly("a       facts  0 s", "^Z", "[1]+  Stopped", "$ fg");
  }

  @Test
  void whileNothingIsUnderWayNothingIsSaidOfIt() {
    var now = new AtomicReference<>(scene.instant());
    var live = new LiveProgress(screen("xterm-256color", 80, true), true, now::get);
    live.report(new ProgressEvent.Note("a question"));
    for (int seconds = 0; seconds < 120; seconds++) {
      now.set(now.get().plusSeconds(1));
      live.beat();
    }
    live.report(new ProgressEvent.Note("an answer"));
    assertThat(seen(80).lines()).containsExactly("    a question", "    an answer");
  }

  @Test
  void whatHappensAfterTheEndIsToldAtOnce() {
    var live = new LiveProgress(screen("xterm-256color", 80, true), false, scene);
    live.report(step("a", "facts"));
    live.beat();
    live.end();
    live.report(step("a", "waiting"));
    live.report(new ProgressEvent.Warning("a: interrupted"));
    live.beat();
    live.end();
    assertThat(seen(80).lines()).containsExactly("warning: a: interrupted");
  }

  @Test
  void whatOthersWriteWhileNothingIsUnderWayIsNotDrawnOver() {
    Screen screen = screen("xterm-256color", 80, true);
    var live = new LiveProgress(screen, false, scene);
    live.report(step("a", "facts"));
    live.beat();
    live.report(new ProgressEvent.BoardLeft(new BoardName("a")));
    writes.add("Which board? ");
    screen.resized(new Window(90, ROWS));
    live.beat();
    assertThat(seen(80).lines()).containsExactly("Which board?");
    writes.add("lab-1\r\n");
    live.report(new ProgressEvent.Warning("of no use"));
    writes.add("So it is.");
    live.beat();
    assertThat(seen(80).lines())
        .containsExactly("Which board? lab-1", "warning: of no use", "So it is.");
  }

  @Test
  void whatIsWaitedForHasALineOnceItTakesLong() {
    var now = new AtomicReference<>(scene.instant());
    var live = new LiveProgress(screen("xterm-256color", 40, true), false, now::get);
    try (var _ = Wait.begin("asking lab-1", live)) {
      try (var _ = Wait.begin("asking lab-1", live)) {
        now.set(now.get().plusMillis(900));
        live.beat();
        assertThat(seen(40).lines()).isEmpty();
      }
      now.set(now.get().plusMillis(1100));
      live.beat();
      assertThat(seen(40).lines()).containsExactly("asking lab-1  2 s");
    }
    assertThat(seen(40).lines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"xterm", "screen", "linux", "ansi", "vt100", "never-heard-of"})
  void otherTerminalsShowTheSame(String type) {
    var live = new LiveProgress(screen(type, 80, true), false, scene);
    live.report(new ProgressEvent.Note("a note"));
    live.report(step("a", "facts"));
    live.report(step("b", "facts"));
    live.beat();
    live.report(step("b", "waiting"));
    live.beat();
    assertThat(seen(80).lines())
        .containsExactly("    a note", "a       facts  0 s", "b       waiting  0 s");
    live.end();
    assertThat(seen(80).lines()).containsExactly("    a note");
  }

  private static ProgressEvent step(String board, String step) {
    return new ProgressEvent.BoardStep(new BoardName(board), step, Optional.empty());
  }
}
