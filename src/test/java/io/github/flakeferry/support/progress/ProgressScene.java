package io.github.flakeferry.support.progress;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.UnitChanges;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A build of two derivations at once, one of which fails after minutes, a deployment to two boards,
 * one of which is lost, and a question to that: each kind of event, with the time between them.
 */
public final class ProgressScene implements InstantSource {
  public static final StorePath GCC =
      StorePath.parse("/nix/store/ky7ji06xy1r5xnpmn41hw8mz3ma5a75j-gcc-14.3.0.drv");
  private static final StorePath HELLO =
      StorePath.parse("/nix/store/gpwkq7wvlqn5h0xqcrr21d4bq5gz2xdy-hello-2.12.drv");
  private static final BoardName UNMATCHED = new BoardName("unmatched-1");
  private static final BoardName LAB = new BoardName("lab-2");
  private static final String CACHE = "https://cache.example.org/boards";
  private static final long MIB = 1 << 20;

  private final List<Scheduled> events = new ArrayList<>();
  private Duration at = Duration.ZERO;
  private Duration written = Duration.ZERO;

  private record Scheduled(Duration at, ProgressEvent event) {}

  public ProgressScene() {
    after(0, new ProgressEvent.StageStarted("Build"));
    after(0, build(0, List.of(), 0));
    after(1, new ProgressEvent.DerivationBegun(GCC));
    after(0, new ProgressEvent.DerivationBegun(HELLO));
    after(0, build(0, List.of("gcc-14.3.0", "hello-2.12"), 12));
    after(1, new ProgressEvent.BuilderLine(GCC, "checking for stdlib.h... \u001b[1myes"));
    after(1, new ProgressEvent.BuilderLine(HELLO, "cc -c hello.c"));
    after(1, new ProgressEvent.BuilderLine(GCC, "checking for sys/types.h... yes"));
    after(1, new ProgressEvent.BuilderLine(HELLO, "::error::by a builder"));
    after(1, new ProgressEvent.DerivationEnded(HELLO));
    after(0, build(1, List.of("gcc-14.3.0"), 40));
    after(0, publish(1, false));
    after(44, publish(2, false));
    after(20, new ProgressEvent.Note("a word in between"));
    after(90, new ProgressEvent.BuilderLine(GCC, "make: *** [Makefile:12: all] Error 1"));
    after(1, new ProgressEvent.DerivationEnded(GCC));
    after(0, build(3, List.of(), 50));
    after(1, publish(2, true));
    after(0, new ProgressEvent.StageEnded("Build", Duration.ofSeconds(161)));
    after(0, new ProgressEvent.StageStarted("Deploy"));
    after(0, step(UNMATCHED, "connect", "root@unmatched-1.lan"));
    after(0, step(LAB, "connect", "root@10.0.0.7:2222"));
    after(1, step(UNMATCHED, "facts", ""));
    after(1, step(UNMATCHED, "transfer", "310 paths"));
    for (int second = 0; second <= 20; second++) {
      after(
          1,
          new ProgressEvent.TransferAdvanced(
              UNMATCHED, second * 3, 310, 2L * second * MIB, 390 * MIB));
    }
    after(1, new ProgressEvent.Warning("lab-2: the link was lost"));
    after(0, ended(LAB, Outcome.DEFERRED));
    after(1, step(UNMATCHED, "waiting", ""));
    after(0, new ProgressEvent.ForeignLine("unmatched-1", "activating the configuration..."));
    after(40, step(UNMATCHED, "committed", ""));
    after(1, ended(UNMATCHED, Outcome.DEPLOYED));
    after(0, new ProgressEvent.StageEnded("Deploy", Duration.ofSeconds(67)));
    after(0, new ProgressEvent.WaitBegun("asking lab-2"));
    after(40, new ProgressEvent.WaitEnded("asking lab-2"));
    after(0, step(LAB, "copy", "root@10.0.0.7:2222"));
    after(2, new ProgressEvent.BoardLeft(LAB));
  }

  private void after(int seconds, ProgressEvent event) {
    written = written.plusSeconds(seconds);
    events.add(new Scheduled(written, event));
  }

  private static ProgressEvent build(int done, List<String> running, long mib) {
    return new ProgressEvent.BuildAdvanced(done, 3, running, mib * MIB, 50 * MIB);
  }

  private static ProgressEvent publish(int done, boolean ended) {
    return new ProgressEvent.PublishAdvanced(
        CACHE, done, 2, 5L * done * MIB, 10 * MIB, 2L * done * MIB, MIB / 2, ended);
  }

  private static ProgressEvent step(BoardName board, String step, String detail) {
    return new ProgressEvent.BoardStep(
        board, step, detail.isEmpty() ? Optional.empty() : Optional.of(detail));
  }

  private static ProgressEvent ended(BoardName board, Outcome outcome) {
    return new ProgressEvent.BoardEnded(
        new BoardResult(
            board,
            BoardAction.SWITCH,
            outcome,
            codeOf(outcome),
            Optional.of(StorePath.parse("0c0nlqxs4hzqbd2v6jkq7ppgyxpbhlk2-nixos-system-a")),
            Optional.empty(),
            Optional.empty(),
            Duration.ofMillis(64_300),
            42 * MIB,
            "as it should",
            UnitChanges.NONE));
  }

  /** One that leads to this; absent where all went well. */
  public static Optional<FailureCode> codeOf(Outcome outcome) {
    return Arrays.stream(FailureCode.values())
        .filter(code -> code.outcome().equals(Optional.of(outcome)))
        .findFirst();
  }

  /** All of its events, in their order. */
  public List<ProgressEvent> events() {
    return events.stream().map(Scheduled::event).toList();
  }

  /** The time in the scene. */
  @Override
  public Instant instant() {
    return Instant.parse("2026-11-22T16:00:00Z").plus(at);
  }

  /** Plays all of it, with a beat a second. */
  public void play(Progress progress) {
    playUntil(progress, written);
  }

  /** Goes on playing until so long after its beginning, what happens then included. */
  public void playUntil(Progress progress, Duration end) {
    while (true) {
      while (!events.isEmpty() && events.getFirst().at.compareTo(at) <= 0) {
        progress.report(events.removeFirst().event);
      }
      progress.beat();
      if (at.compareTo(end) >= 0) {
        return;
      }
      at = at.plusSeconds(1);
    }
  }
}
