package io.github.flakeferry.cli.terminal;

import io.github.flakeferry.cli.terminal.StyledLine.Tone;
import io.github.flakeferry.report.PlainLines;
import io.github.flakeferry.support.progress.LogWriter;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.util.function.Consumer;

/** The plain log's lines, each with its tone. */
final class StyledLog implements LogWriter.Lines {
  private final PlainLines headings;
  private final PlainLines warnings;
  private final PlainLines others;

  StyledLog(Consumer<StyledLine> to) {
    headings = new PlainLines(text -> to.accept(new StyledLine(Tone.HEADING, text)));
    warnings = new PlainLines(text -> to.accept(new StyledLine(Tone.DOUBTFUL, text)));
    others = new PlainLines(text -> to.accept(new StyledLine(Tone.PLAIN, text)));
  }

  @Override
  public void stageStarted(String stage) {
    headings.stageStarted(stage);
  }

  @Override
  public void stageEnded(ProgressEvent.StageEnded stage) {
    headings.stageEnded(stage);
  }

  @Override
  public void note(String text) {
    others.note(text);
  }

  @Override
  public void warning(String text) {
    warnings.warning(text);
  }

  @Override
  public void foreign(String origin, String text) {
    others.foreign(origin, text);
  }
}
