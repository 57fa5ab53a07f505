package io.github.flakeferry.report;

import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.PrintStream;

/** Progress as plain lines. */
public final class PlainProgress implements Progress {
  private final PrintStream out;

  public PlainProgress(PrintStream out) {
    this.out = out;
  }

  @Override
  public void report(ProgressEvent event) {
    out.println(event);
  }
}
