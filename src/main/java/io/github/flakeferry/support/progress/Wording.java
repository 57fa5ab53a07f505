package io.github.flakeferry.support.progress;

import io.github.flakeferry.support.Words;
import java.time.Duration;
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
        publish.ended()
            ? ""
            : ", "
                + Words.time(Duration.ofSeconds((publish.expectedBytes() - publish.bytes()) / rate))
                + " left";
    return ", " + Words.bytes(rate) + "/s" + left;
  }

  public static String of(ProgressEvent.TransferAdvanced transfer) {
    return transfer.board()
        + ": sent "
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

  private static String share(long bytes, long expected) {
    return expected <= 0 ? Words.bytes(bytes) : Words.bytes(bytes) + " of " + Words.bytes(expected);
  }

  private static String now(List<String> running) {
    if (running.isEmpty()) {
      return "";
    }
    String named =
        running.stream().limit(NAMED).map(Words::printableLine).collect(Collectors.joining(", "));
    int more = running.size() - NAMED;
    return "; now " + named + (more > 0 ? " and " + more + " more" : "");
  }
}
