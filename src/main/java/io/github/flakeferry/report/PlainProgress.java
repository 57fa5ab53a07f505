package io.github.flakeferry.report;

import io.github.flakeferry.support.progress.LogWriter;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.PrintStream;
import java.time.InstantSource;

/** Progress as plain lines, for a file or a terminal that can do no more. */
public final class PlainProgress implements Progress {
  private final PrintStream out;
  private final LogWriter writer;

  public PlainProgress(PrintStream out) {
    this(out, LogWriter.Detail.NORMAL, InstantSource.system());
  }

  public PlainProgress(PrintStream out, LogWriter.Detail detail, InstantSource clock) {
    this.out = out;
    this.writer = new LogWriter(new PlainLines(line -> out.print(line + "\n")), detail, clock);
  }

  @Override
  public synchronized void report(ProgressEvent event) {
    writer.report(event);
    out.flush();
  }

  @Override
  public synchronized void beat() {
    writer.beat();
    out.flush();
  }
}
