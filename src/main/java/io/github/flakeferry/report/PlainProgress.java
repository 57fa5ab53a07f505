package io.github.flakeferry.report;

import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Pace;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.Wording;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;

/** Progress as plain lines, for a terminal or a file. */
public final class PlainProgress implements Progress {
  private static final Duration PACE = Duration.ofSeconds(5);

  private final PrintStream out;
  private final Pace pace;

  public PlainProgress(PrintStream out) {
    this(out, InstantSource.system());
  }

  PlainProgress(PrintStream out, InstantSource clock) {
    this.out = out;
    this.pace = new Pace(clock, PACE);
  }

  @Override
  public synchronized void report(ProgressEvent event) {
    switch (event) {
      case ProgressEvent.StageStarted(String stage) -> print("==> ", stage);
      case ProgressEvent.StageEnded ended -> print("<== ", Wording.of(ended));
      case ProgressEvent.Note(String text) -> print("    ", text);
      case ProgressEvent.Warning(String text) -> print("warning: ", text);
      case ProgressEvent.ForeignLine(String origin, String text) ->
          print("    " + Words.printableLine(origin) + "> ", text);
      case ProgressEvent.BuildAdvanced build -> {
        if (pace.lets(build)) {
          print("    ", Wording.of(build));
        }
      }
      case ProgressEvent.PublishAdvanced publish -> {
        if (pace.lets(publish)) {
          print("    ", Wording.of(publish));
        }
      }
      case ProgressEvent.TransferAdvanced transfer -> {
        if (pace.lets(transfer)) {
          print("    ", Wording.of(transfer));
        }
      }
      case ProgressEvent.BoardStep step -> print("    ", Wording.of(step));
    }
    out.flush();
  }

  private void print(String before, String text) {
    Words.printable(text).lines().forEach(line -> out.print(before + line + "\n"));
  }
}
