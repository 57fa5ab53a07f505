package io.github.flakeferry.report;

import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Ongoing;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines that live on a terminal while work goes on: one for the build, one for each cache that
 * is published to, one for each board, one for whatever else is waited for. What a narrow window
 * has no room for is left out, the least useful first.
 */
public final class LiveLines {
  private static final int LABEL = 8; // as wide as "publish "
  // what is soon over would only flash
  private static final Duration NOT_YET = Duration.ofSeconds(1);

  private final Ongoing ongoing;
  private final Instant now;
  private final int columns;

  private LiveLines(Ongoing ongoing, Instant now, int columns) {
    this.ongoing = ongoing;
    this.now = now;
    this.columns = columns;
  }

  /**
   * The lines, none of them wider than the window.
   *
   * @param columns of the window
   * @param most lines; where there are more boards the last one counts them
   */
  public static List<String> of(Ongoing ongoing, Instant now, int columns, int most) {
    var lines = new LiveLines(ongoing, now, columns).all();
    if (lines.size() <= most) {
      return lines;
    }
    var shown = new ArrayList<>(lines.subList(0, Math.max(0, most - 1)));
    shown.add(new FittedLine("and %d more".formatted(lines.size() - shown.size())).in(columns));
    return shown;
  }

  private List<String> all() {
    var lines = new ArrayList<String>();
    ongoing.build().ifPresent(build -> lines.add(line(build)));
    ongoing.publishes().forEach(publish -> lines.add(line(publish)));
    List<Ongoing.BoardNow> boards = ongoing.boards();
    int name =
        Math.clamp(
            boards.stream().mapToInt(b -> b.board().value().length()).max().orElse(0),
            LABEL - 1,
            Math.max(LABEL - 1, columns / 3));
    boards.forEach(board -> lines.add(line(board, name)));
    ongoing.waits().stream()
        .filter(wait -> Duration.between(wait.since(), now).compareTo(NOT_YET) >= 0)
        .forEach(wait -> lines.add(line(wait)));
    if (lines.isEmpty()) {
      ongoing.stage().ifPresent(stage -> lines.add(line(stage)));
    }
    return lines;
  }

  private String line(Ongoing.Named named) {
    return new FittedLine(Words.printableLine(named.name()))
        .with(1, since(named.since()))
        .in(columns);
  }

  private String line(ProgressEvent.BuildAdvanced build) {
    var line = new FittedLine(label("build") + build.done() + "/" + build.expected());
    List<Ongoing.Named> longest = ongoing.derivations();
    for (int i = 0; i < longest.size(); i++) {
      line.with(
          i == 0 ? 1 : 3 + i,
          "%s %s"
              .formatted(
                  Words.printableLine(longest.get(i).name()), since(longest.get(i).since())));
    }
    if (build.expectedBytes() > 0) {
      line.with(2, "fetched " + share(build.downloadedBytes(), build.expectedBytes()));
    }
    return line.in(columns);
  }

  private String line(ProgressEvent.PublishAdvanced publish) {
    return new FittedLine(label("publish") + publish.done() + "/" + publish.expected())
        .with(5, "to " + Words.printableLine(publish.cache()))
        .with(1, share(publish.bytes(), publish.expectedBytes()))
        .with(3, rate(publish.bytesPerSecond()))
        .with(2, left(publish.expectedBytes() - publish.bytes(), publish.bytesPerSecond()))
        .in(columns);
  }

  private String line(Ongoing.BoardNow board, int nameWidth) {
    String name = Words.shortened(board.board().value(), nameWidth);
    var line =
        new FittedLine(
            name + " ".repeat(nameWidth - name.length() + 1) + Words.printableLine(board.step()));
    if (board.transfer().isEmpty()) {
      line.with(1, since(board.since()));
      board.detail().ifPresent(detail -> line.with(2, Words.printableLine(detail)));
      return line.in(columns);
    }
    ProgressEvent.TransferAdvanced transfer = board.transfer().orElseThrow();
    long rate = ongoing.bytesPerSecond(board.board(), now);
    return line.with(1, share(transfer.bytes(), transfer.expectedBytes()))
        .with(4, "%d/%s".formatted(transfer.done(), Words.count(transfer.expected(), "path")))
        .with(3, rate(rate))
        .with(2, left(transfer.expectedBytes() - transfer.bytes(), rate))
        .in(columns);
  }

  private static String label(String name) {
    return name + " ".repeat(LABEL - name.length());
  }

  private String since(Instant begin) {
    return Words.roughly(Duration.between(begin, now));
  }

  private static String rate(long bytesPerSecond) {
    return bytesPerSecond <= 0 ? "" : Words.bytes(bytesPerSecond) + "/s";
  }

  private static String left(long bytes, long bytesPerSecond) {
    return Ongoing.left(bytes, bytesPerSecond).map(t -> Words.roughly(t) + " left").orElse("");
  }

  // the unit once where it is the same
  private static String share(long bytes, long expected) {
    String done = Words.bytes(bytes);
    String all = Words.bytes(expected);
    String unit = all.substring(all.indexOf(' '));
    return (done.endsWith(unit) ? done.substring(0, done.length() - unit.length()) : done)
        + " of "
        + all;
  }
}
