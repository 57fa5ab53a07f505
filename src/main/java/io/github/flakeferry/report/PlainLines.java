package io.github.flakeferry.report;

import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.LogWriter;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.Wording;
import java.util.function.Consumer;

/** A log's lines as people and grep read them: what kind of line it is says its beginning. */
public final class PlainLines implements LogWriter.Lines {
  private static final String INDENT = "    ";

  private final Consumer<String> to;

  /**
   * @param to takes each line, without its end
   */
  public PlainLines(Consumer<String> to) {
    this.to = to;
  }

  @Override
  public void stageStarted(String stage) {
    print("==> ", stage);
  }

  @Override
  public void stageEnded(ProgressEvent.StageEnded stage) {
    print("<== ", Wording.of(stage));
  }

  @Override
  public void note(String text) {
    print(INDENT, text);
  }

  @Override
  public void warning(String text) {
    print("warning: ", text);
  }

  @Override
  public void foreign(String origin, String text) {
    print(INDENT + Words.printableLine(origin) + "> ", text);
  }

  private void print(String before, String text) {
    Words.printable(text).lines().forEach(line -> to.accept(before + line));
  }
}
