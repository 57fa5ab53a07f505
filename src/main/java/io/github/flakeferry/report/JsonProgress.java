package io.github.flakeferry.report;

import io.github.flakeferry.support.progress.Pace;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Progress for programs: an event a line. What comes in swarms is told once a second. */
public final class JsonProgress implements Progress {
  private static final Duration PACE = Duration.ofSeconds(1);

  private final Consumer<String> out;
  private final InstantSource clock;
  private final Pace pace;

  /**
   * @param out takes each line, without its end
   */
  public JsonProgress(Consumer<String> out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
    this.pace = new Pace(clock, PACE);
  }

  @Override
  public synchronized void report(ProgressEvent event) {
    if (isTold(event)) {
      out.accept(ProgressJson.event(event, clock.instant()));
    }
  }

  private boolean isTold(ProgressEvent event) {
    return switch (event) {
      case ProgressEvent.BuildAdvanced build -> pace.lets(build);
      case ProgressEvent.PublishAdvanced publish -> pace.lets(publish);
      case ProgressEvent.TransferAdvanced transfer -> pace.lets(transfer);
      case ProgressEvent.StageStarted _,
          ProgressEvent.StageEnded _,
          ProgressEvent.Note _,
          ProgressEvent.Warning _,
          ProgressEvent.ForeignLine _,
          ProgressEvent.BuilderLine _,
          ProgressEvent.DerivationBegun _,
          ProgressEvent.DerivationEnded _,
          ProgressEvent.BoardStep _,
          ProgressEvent.WaitBegun _,
          ProgressEvent.WaitEnded _,
          ProgressEvent.BoardLeft _,
          ProgressEvent.BoardEnded _ ->
          true;
    };
  }
}
