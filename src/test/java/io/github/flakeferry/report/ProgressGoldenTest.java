package io.github.flakeferry.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.progress.LogWriter.Detail;
import io.github.flakeferry.support.progress.Ongoing;
import io.github.flakeferry.support.progress.ProgressScene;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of one build and one deployment, word for word. */
final class ProgressGoldenTest {
  private final ProgressScene scene = new ProgressScene();

  @ParameterizedTest
  @EnumSource(
      value = Detail.class,
      names = {"QUIET", "NORMAL", "VERBOSE"})
  void plainLines(Detail detail) throws IOException {
    var bytes = new ByteArrayOutputStream();
    scene.play(
        new PlainProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), detail, scene));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            golden("progress.%s.txt".formatted(detail.name().toLowerCase(java.util.Locale.ROOT))));
  }

  @Test
  void thePlainOnesAreNeverSilentForHalfAMinute() {
    var silences = new java.util.ArrayList<Duration>();
    var out =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8) {
          private java.time.Instant last = scene.instant();

          @Override
          public void print(String line) {
            silences.add(Duration.between(last, scene.instant()));
            last = scene.instant();
          }
        };
    scene.play(new PlainProgress(out, Detail.NORMAL, scene));
    assertThat(silences).isNotEmpty().allMatch(s -> s.compareTo(Duration.ofSeconds(30)) <= 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 200})
  void livingLines(int columns) throws IOException {
    var ongoing = new Ongoing();
    var text = new StringBuilder();
    for (int moment : List.of(4, 64, 162, 180, 210, 228, 260, 269, 270)) {
      scene.playUntil(event -> ongoing.take(event, scene.instant()), Duration.ofSeconds(moment));
      List<String> lines = LiveLines.of(ongoing, scene.instant(), columns, 10);
      assertThat(lines).allMatch(line -> line.length() <= columns);
      text.append("-- after ").append(moment).append(" s\n");
      lines.forEach(line -> text.append(line).append('\n'));
    }
    assertThat(text.toString()).isEqualTo(golden("progress.live-%d.txt".formatted(columns)));
  }

  private static String golden(String name) throws IOException {
    try (var in = ProgressGoldenTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
