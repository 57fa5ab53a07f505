package io.github.flakeferry.support.progress;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Tells what happens in lines that can be read later, or far away: what comes in swarms every few
 * seconds, what a builder wrote when it has come to its end, and after half a minute of silence
 * what goes on. For one thread at a time.
 */
public final class LogWriter {
  private static final Duration PACE = Duration.ofSeconds(5);
  // with a beat a second, a line every 30 s
  private static final Duration SILENCE = Duration.ofSeconds(29);

  private final Lines lines;
  private final Detail detail;
  private final InstantSource clock;
  private final Pace pace;
  private final Ongoing ongoing = new Ongoing();
  private final BuilderLogs builders = new BuilderLogs();
  private Instant lastTold;

  /** Where lines go, and what they look like there. */
  public interface Lines {
    void stageStarted(String stage);

    void stageEnded(ProgressEvent.StageEnded stage);

    /** Our words, which may quote others'. */
    void note(String text);

    void warning(String text);

    /** Somebody else's words. */
    void foreign(String origin, String text);
  }

  /** How much is told. */
  public enum Detail {
    /** Warnings. */
    QUIET,
    /** Beside lines that live: what comes in swarms is shown there. */
    BESIDE,
    NORMAL,
    /** Each event, and what builders write as they write it. */
    VERBOSE
  }

  public LogWriter(Lines lines, Detail detail, InstantSource clock) {
    this.lines = lines;
    this.detail = detail;
    this.clock = clock;
    this.pace = new Pace(clock, detail == Detail.VERBOSE ? Duration.ZERO : PACE);
    this.lastTold = clock.instant();
  }

  /** Tells what happened, now or later. */
  public void report(ProgressEvent event) {
    if (detail == Detail.QUIET) {
      if (event instanceof ProgressEvent.Warning(String text)) {
        lines.warning(text);
      }
      return;
    }
    Instant now = clock.instant();
    if (event instanceof ProgressEvent.DerivationEnded(StorePath derivation)) {
      builders.take(derivation).ifPresent(block -> tell(block, took(derivation, now)));
    }
    ongoing.take(event, now);
    tell(event);
  }

  private void tell(ProgressEvent event) {
    switch (event) {
      case ProgressEvent.StageStarted(String stage) -> {
        lines.stageStarted(stage);
        told();
      }
      case ProgressEvent.StageEnded ended -> {
        builders.takeAll().forEach(block -> tell(block, "came to no end"));
        lines.stageEnded(ended);
        told();
      }
      case ProgressEvent.Note(String text) -> note(text);
      case ProgressEvent.Warning(String text) -> {
        lines.warning(text);
        told();
      }
      case ProgressEvent.ForeignLine(String origin, String text) -> foreign(origin, text);
      case ProgressEvent.BuilderLine line -> {
        if (detail == Detail.VERBOSE) {
          foreign(line.derivation().derivationName(), line.text());
        } else {
          builders.add(line).ifPresent(block -> tell(block, "goes on"));
        }
      }
      case ProgressEvent.DerivationBegun _, ProgressEvent.DerivationEnded _ -> {}
      case ProgressEvent.BuildAdvanced build -> swarm(pace.lets(build), Wording.of(build));
      case ProgressEvent.PublishAdvanced publish -> swarm(pace.lets(publish), Wording.of(publish));
      case ProgressEvent.TransferAdvanced transfer ->
          swarm(pace.lets(transfer), Wording.of(transfer));
      case ProgressEvent.BoardStep step -> swarm(true, Wording.of(step));
      case ProgressEvent.WaitBegun _, ProgressEvent.WaitEnded _, ProgressEvent.BoardLeft _ -> {}
      case ProgressEvent.BoardEnded _ -> {} // whoever has it done tells what became of it
    }
  }

  private void swarm(boolean isItsTime, String text) {
    if (isItsTime && detail != Detail.BESIDE) {
      note(text);
    }
  }

  private void tell(BuilderLogs.Block block, String end) {
    String name = block.derivation().derivationName();
    note("%s, %s; it wrote:".formatted(name, end));
    block.lines().forEach(line -> foreign(name, line));
  }

  private String took(StorePath derivation, Instant now) {
    return ongoing
        .begin(derivation)
        .map(begin -> "built for " + Words.time(Duration.between(begin, now)))
        .orElse("built");
  }

  /** Says what goes on where nothing has been said for long. */
  public void beat() {
    if ((detail == Detail.NORMAL || detail == Detail.VERBOSE)
        && !Duration.between(lastTold, clock.instant()).minus(SILENCE).isNegative()) {
      note(Wording.still(ongoing, clock.instant()));
    }
  }

  /** What is under way, unless only warnings are told. */
  public Ongoing ongoing() {
    return ongoing;
  }

  private void note(String text) {
    lines.note(text);
    told();
  }

  private void foreign(String origin, String text) {
    lines.foreign(origin, text);
    told();
  }

  private void told() {
    lastTold = clock.instant();
  }
}
