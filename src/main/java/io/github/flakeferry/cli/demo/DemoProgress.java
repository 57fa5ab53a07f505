package io.github.flakeferry.cli.demo;

import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.PrintStream;

/** What preparing says where no line lives: notes and warnings, and nothing of its tools. */
public record DemoProgress(PrintStream out) implements Progress {
  @Override
  public void report(ProgressEvent event) {
    switch (event) {
      case ProgressEvent.Note(var text) -> out.println(text);
      case ProgressEvent.Warning(var text) -> out.println("Warning: " + text);
      case ProgressEvent.StageStarted started -> {}
      case ProgressEvent.StageEnded ended -> {}
      case ProgressEvent.ForeignLine line -> {}
      case ProgressEvent.BuilderLine line -> {}
      case ProgressEvent.DerivationBegun derivation -> {}
      case ProgressEvent.DerivationEnded derivation -> {}
      case ProgressEvent.BuildAdvanced build -> {}
      case ProgressEvent.PublishAdvanced publish -> {}
      case ProgressEvent.TransferAdvanced transfer -> {}
      case ProgressEvent.BoardStep step -> {}
      case ProgressEvent.WaitBegun wait -> {}
      case ProgressEvent.WaitEnded wait -> {}
      case ProgressEvent.BoardLeft board -> {}
      case ProgressEvent.BoardEnded board -> {}
    }
  }
}
