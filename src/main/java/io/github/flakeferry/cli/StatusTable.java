package io.github.flakeferry.cli;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.Lease;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.pipeline.BoardStatus;
import io.github.flakeferry.report.TextTable;
import io.github.flakeferry.source.WorkingCopy.Drift;
import io.github.flakeferry.support.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Boards' status for people: a table, and below it what a table has no room for. */
final class StatusTable {
  private static final List<String> HEADS =
      List.of("BOARD", "TAGS", "SYSTEM", "COMMIT", "SINCE", "BOOTED", "DRIFT", "FREE", "REACHABLE");
  private static final int SHORT = 8;
  private static final String NONE = "-";

  private StatusTable() {}

  /**
   * @param now by which leases are over
   */
  static String render(List<BoardStatus> all, Instant now) {
    var notes = new ArrayList<String>();
    all.forEach(status -> notes(status, notes, now));
    String table = TextTable.render(HEADS, all.stream().map(status -> row(status, now)).toList());
    return notes.isEmpty() ? table : table + "\n\n" + String.join("\n", notes);
  }

  private static List<String> row(BoardStatus status, Instant now) {
    String name = status.board().name().value();
    String tags = String.join(",", status.board().tags());
    return switch (status) {
      case BoardStatus.Silent(var board, var failure) ->
          List.of(
              name,
              tags,
              NONE,
              NONE,
              NONE,
              NONE,
              NONE,
              NONE,
              failure.outcome() == Outcome.DEFERRED ? "offline" : failure.outcome().label());
      case BoardStatus.Answered answered ->
          List.of(
              name,
              tags,
              answered
                  .facts()
                  .current()
                  .map(StorePath::hash)
                  .map(h -> h.substring(0, SHORT))
                  .orElse("none"),
              answered.commit().map(GitRevision::abbreviated).orElse("unknown"),
              since(answered.facts(), now).orElse(NONE),
              booted(answered),
              drift(answered.drift()),
              Words.bytes(answered.facts().storeFreeBytes()),
              "yes");
    };
  }

  /** How long ago what runs was put there, as far as it was by us. */
  private static Optional<String> since(BoardFacts facts, Instant now) {
    return facts
        .lease()
        .filter(l -> l.system().isPresent() && l.system().equals(facts.current()))
        .filter(l -> l.bootId().equals(facts.bootId()))
        .map(l -> Ago.of(l.since(), now))
        .or(
            () ->
                facts
                    .deployed()
                    .filter(d -> Optional.of(d.system()).equals(facts.current()))
                    .map(d -> Ago.of(d.since(), facts.clock())));
  }

  private static String booted(BoardStatus.Answered status) {
    if (!status.keepsItAfterARestart()) {
      return "no, and not the default";
    }
    return status.runsWhatItBooted() ? "yes" : "no";
  }

  private static String drift(Drift drift) {
    return switch (drift) {
      case Drift.Same() -> "none";
      case Drift.Behind(int commits) -> commits + " behind";
      case Drift.Elsewhere() -> "not on the branch";
      case Drift.Unknown() -> "unknown";
    };
  }

  private static void notes(BoardStatus status, List<String> notes, Instant now) {
    String name = status.board().name() + ": ";
    switch (status) {
      case BoardStatus.Silent(var board, var failure) -> {
        notes.add(name + Words.printable(failure.told()));
        if (!failure.advice().isEmpty()) {
          notes.add(Words.printable(failure.advice()));
        }
      }
      case BoardStatus.Answered answered -> facts(name, answered.facts(), notes, now);
    }
  }

  private static void facts(String name, BoardFacts facts, List<String> notes, Instant now) {
    if (!facts.known()) {
      notes.add(name + "somebody else activated what it runs");
    }
    facts
        .lastRun()
        .filter(run -> run.alive() || !run.ended())
        .map(run -> unfinished(run, facts))
        .ifPresent(text -> notes.add(name + text));
    facts.lease().ifPresent(lease -> notes.add(name + lease(lease, facts, now)));
    if (!facts.failedUnits().isEmpty()) {
      notes.add(
          name
              + "failed units: "
              + facts.failedUnits().stream().map(Words::printableLine).collect(joining(", ")));
    }
  }

  private static String lease(Lease lease, BoardFacts facts, Instant now) {
    return switch (facts.leaseWorth(now).orElseThrow()) {
      case HELD -> "lent to " + lease.told();
      case OVER -> "free: what it runs was lent to " + lease.told();
      case LOST -> "free: its restart ended what was lent to " + lease.told();
    };
  }

  private static String unfinished(BoardFacts.LastRun run, BoardFacts facts) {
    String state = run.state().isEmpty() ? "preparing" : Words.printableLine(run.state());
    String what =
        "%s, by %s, %s"
            .formatted(state, Words.printableLine(run.owner()), Ago.of(run.since(), facts.clock()));
    if (run.alive()) {
      return "under way: " + what;
    }
    return (run.bootId().equals(facts.bootId())
            ? "cut short: its supervisor is gone: "
            : "cut short by a restart: ")
        + what
        + "; the next run puts it right";
  }
}
