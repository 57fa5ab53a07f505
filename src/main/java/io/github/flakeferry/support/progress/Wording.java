package io.github.flakeferry.support.progress;

import io.github.flakeferry.support.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Progress events in words, one line each, the same for a terminal and for a CI's log. */
public final class Wording {
  private static final int NAMED = 3;

  private Wording() {}

  public static String of(ProgressEvent.BuildAdvanced build) {
    String downloads =
        build.expectedBytes() == 0 && build.downloadedBytes() == 0
            ? ""
            : ", downloaded " + share(build.downloadedBytes(), build.expectedBytes());
    return "built " + build.done() + " of " + build.expected() + downloads + now(build.running());
  }

  public static String of(ProgressEvent.PublishAdvanced publish) {
    return "published "
        + publish.done()
        + " of "
        + Words.count(publish.expected(), "path")
        + " to "
        + Words.printableLine(publish.cache())
        + ", "
        + share(publish.bytes(), publish.expectedBytes())
        + " ("
        + Words.bytes(publish.sentBytes())
        + " sent)"
        + pace(publish);
  }

  private static String pace(ProgressEvent.PublishAdvanced publish) {
    long rate = publish.bytesPerSecond();
    if (rate <= 0) {
      return "";
    }
    String left =
        Ongoing.left(publish.expectedBytes() - publish.bytes(), rate)
            .filter(time -> !publish.ended())
            .map(time -> ", " + Words.time(time) + " left")
            .orElse("");
    return ", " + Words.bytes(rate) + "/s" + left;
  }

  public static String of(ProgressEvent.TransferAdvanced transfer) {
    return transfer.board() + ": " + sent(transfer);
  }

  private static String sent(ProgressEvent.TransferAdvanced transfer) {
    return "sent "
        + transfer.done()
        + " of "
        + Words.count(transfer.expected(), "path")
        + ", "
        + share(transfer.bytes(), transfer.expectedBytes());
  }

  public static String of(ProgressEvent.BoardStep step) {
    return step.board()
        + ": "
        + Words.printableLine(step.step())
        + step.detail().map(d -> ": " + Words.printableLine(d)).orElse("");
  }

  public static String of(ProgressEvent.StageEnded stage) {
    return stage.stage() + ": " + Words.time(stage.took());
  }

  /** What goes on all the while, for when nothing else has been said for long. */
  static String still(Ongoing ongoing, Instant now) {
    var clauses = new ArrayList<String>();
    List<Ongoing.Named> derivations = ongoing.derivations();
    if (!derivations.isEmpty()) {
      clauses.add("building " + listed(derivations.stream().map(d -> since(d, now)).toList()));
    } else {
      ongoing.build().ifPresent(build -> clauses.add("building: " + of(build)));
    }
    ongoing.publishes().stream()
        .filter(publish -> publish.done() < publish.expected())
        .forEach(
            publish ->
                clauses.add(
                    "publishing to %s (%s)"
                        .formatted(
                            Words.printableLine(publish.cache()),
                            share(publish.bytes(), publish.expectedBytes()))));
    List<Ongoing.BoardNow> boards = ongoing.boards();
    if (!boards.isEmpty()) {
      clauses.add("waiting for " + listed(boards.stream().map(b -> waiting(b, now)).toList()));
    }
    List<Ongoing.Named> waits = ongoing.waits();
    if (!waits.isEmpty()) {
      clauses.add(listed(waits.stream().map(wait -> since(wait, now)).toList()));
    }
    if (clauses.isEmpty()) {
      ongoing.stage().ifPresent(stage -> clauses.add("at " + since(stage, now)));
    }
    return clauses.isEmpty() ? "still at work" : "still " + String.join("; ", clauses);
  }

  private static String since(Ongoing.Named named, Instant now) {
    return "%s (%s)"
        .formatted(
            Words.printableLine(named.name()), Words.roughly(Duration.between(named.since(), now)));
  }

  private static String waiting(Ongoing.BoardNow board, Instant now) {
    return "%s (%s, %s)"
        .formatted(
            board.board(),
            board.transfer().map(Wording::sent).orElse(Words.printableLine(board.step())),
            Words.roughly(Duration.between(board.since(), now)));
  }

  private static String listed(List<String> names) {
    int more = names.size() - NAMED;
    return names.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static String share(long bytes, long expected) {
    return expected <= 0 ? Words.bytes(bytes) : Words.bytes(bytes) + " of " + Words.bytes(expected);
  }

  private static String now(List<String> running) {
    if (running.isEmpty()) {
      return "";
    }
    return "; now " + listed(running.stream().map(Words::printableLine).toList());
  }
}
