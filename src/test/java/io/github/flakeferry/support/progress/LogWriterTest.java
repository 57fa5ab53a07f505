package io.github.flakeferry.support.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.LogWriter.Detail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogWriterTest {
  private static final StorePath GCC = ProgressScene.GCC;
  private Instant now = Instant.parse("2026-11-22T16:00:00Z");
  private final List<String> told = new ArrayList<>();

  private final class Recorder implements LogWriter.Lines {
    @Override
    public void stageStarted(String stage) {
      told.add("begin " + stage);
    }

    @Override
    public void stageEnded(ProgressEvent.StageEnded stage) {
      told.add("end " + stage.stage());
    }

    @Override
    public void note(String text) {
      told.add(text);
    }

    @Override
    public void warning(String text) {
      told.add("warning " + text);
    }

    @Override
    public void foreign(String origin, String text) {
      told.add(origin + "> " + text);
    }
  }

  private LogWriter writer(Detail detail) {
    return new LogWriter(new Recorder(), detail, () -> now);
  }

  @Test
  void whatIsNotBuiltToItsEndIsToldWithTheStage() {
    LogWriter writer = writer(Detail.NORMAL);
    writer.report(new ProgressEvent.StageStarted("Build"));
    writer.report(new ProgressEvent.DerivationBegun(GCC));
    writer.report(new ProgressEvent.BuilderLine(GCC, "cc -c a.c"));
    writer.report(new ProgressEvent.StageEnded("Build", Duration.ofSeconds(1)));
    assertThat(told)
        .containsExactly(
            "begin Build",
            "gcc-14.3.0, came to no end; it wrote:",
            "gcc-14.3.0> cc -c a.c",
            "end Build");
  }

  @Test
  void aLogThatIsTooLongToKeepComesInPieces() {
    LogWriter writer = writer(Detail.NORMAL);
    String line = "x".repeat(1023);
    writer.report(new ProgressEvent.DerivationBegun(GCC));
    for (int i = 0; i < BuilderLogs.MOST / 1024; i++) {
      assertThat(told).isEmpty();
      writer.report(new ProgressEvent.BuilderLine(GCC, line));
    }
    assertThat(told).hasSize(1 + BuilderLogs.MOST / 1024);
    assertThat(told.getFirst()).isEqualTo("gcc-14.3.0, goes on; it wrote:");
    writer.report(new ProgressEvent.DerivationEnded(GCC));
    assertThat(told).hasSize(1 + BuilderLogs.MOST / 1024);
  }

  @Test
  void whatIsBuiltWithoutAWordIsNotMentioned() {
    LogWriter writer = writer(Detail.NORMAL);
    writer.report(new ProgressEvent.DerivationBegun(GCC));
    writer.report(new ProgressEvent.DerivationEnded(GCC));
    assertThat(told).isEmpty();
  }

  @Test
  void afterHalfAMinuteOfSilenceItSaysWhatGoesOn() {
    LogWriter writer = writer(Detail.NORMAL);
    writer.beat();
    assertThat(told).isEmpty();
    now = now.plusSeconds(29);
    writer.beat();
    writer.beat();
    assertThat(told).containsExactly("still at work");
    writer.report(new ProgressEvent.StageStarted("Evaluate"));
    now = now.plusSeconds(29);
    writer.beat();
    assertThat(told).last().isEqualTo("still at Evaluate (29 s)");
  }

  @Test
  void besideLivingLinesAndWhereItIsToBeQuietTimeSaysNothing() {
    for (Detail detail : List.of(Detail.BESIDE, Detail.QUIET)) {
      LogWriter writer = writer(detail);
      now = now.plusSeconds(100);
      writer.beat();
      assertThat(told).isEmpty();
    }
  }

  @Test
  void besideLivingLinesNothingIsSaidThatTheySay() {
    LogWriter writer = writer(Detail.BESIDE);
    new ProgressScene().events().forEach(writer::report);
    assertThat(told)
        .contains("warning lab-2: the link was lost", "a word in between")
        .anyMatch(line -> line.startsWith("gcc-14.3.0> make"))
        .noneMatch(line -> line.matches("(built|published|.*: sent|.*: connect).*"));
  }
}
