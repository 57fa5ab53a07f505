package io.github.flakeferry.cli.terminal;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.report.LiveLines;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.LogWriter;
import io.github.flakeferry.support.progress.LogWriter.Detail;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Progress on a terminal: the log, and below it lines that live for what is under way. Drawn with
 * each beat, and at once where nothing is under way. For any number of threads.
 */
final class LiveProgress implements Progress {
  private final Screen screen;
  private final InstantSource clock;
  private final LogWriter log;
  private final List<StyledLine> above = new ArrayList<>();
  private Instant drawn = Instant.MIN;
  private boolean hasNews = true;
  private boolean ended;

  LiveProgress(Screen screen, boolean verbose, InstantSource clock) {
    this.screen = screen;
    this.clock = clock;
    this.log =
        new LogWriter(new StyledLog(above::add), verbose ? Detail.VERBOSE : Detail.BESIDE, clock);
  }

  @Override
  public synchronized void report(ProgressEvent event) {
    log.report(event);
    if (event instanceof ProgressEvent.BoardEnded(var result)) {
      above.add(ended(result));
    }
    hasNews = true;
    if (!isLive()) {
      drawLog();
    }
  }

  // what others write while nothing is under way, a question or a result, is not drawn over
  private boolean isLive() {
    return !ended && !log.ongoing().isNothing();
  }

  private static StyledLine ended(BoardResult result) {
    var tone =
        switch (result.outcome()) {
          case DEPLOYED, UNCHANGED -> StyledLine.Tone.GOOD;
          case DEFERRED, WAITING, SKIPPED, CANCELLED, SUPERSEDED -> StyledLine.Tone.DOUBTFUL;
          case ROLLED_BACK, REFUSED, FAILED, BUSY, IN_DOUBT -> StyledLine.Tone.BAD;
        };
    return new StyledLine(
        tone,
        "    %s: %s, %s"
            .formatted(result.board(), result.outcome().label(), Words.time(result.took())));
  }

  /** Draws what is new, and what only time has changed once a second. */
  @Override
  public synchronized void beat() {
    if (!isLive()) {
      return;
    }
    log.beat();
    Instant second = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (!hasNews && !screen.isOutdated() && !second.isAfter(drawn)) {
      return;
    }
    screen.draw(
        above,
        window -> LiveLines.of(log.ongoing(), clock.instant(), window.columns(), window.room()));
    above.clear();
    hasNews = false;
    drawn = second;
  }

  /** The lines no longer live; what is told from now on is written below the log at once. */
  synchronized void end() {
    if (!ended) {
      ended = true;
      drawLog();
    }
  }

  private void drawLog() {
    screen.draw(above, window -> List.of());
    above.clear();
  }
}
