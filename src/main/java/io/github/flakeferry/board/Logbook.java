package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads what a board keeps of its activations. Changes nothing. */
final class Logbook {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A journal of gigabytes on a slow disk takes its time. */
  private static final Duration PATIENCE_FOR_JOURNAL = Duration.ofMinutes(5);

  private final Connection connection;
  private final BoardName board;
  private final Progress progress;
  private final Duration patienceForJournal;

  Logbook(Connection connection, BoardName board, Progress progress) {
    this(connection, board, progress, PATIENCE_FOR_JOURNAL);
  }

  Logbook(Connection connection, BoardName board, Progress progress, Duration patienceForJournal) {
    this.connection = connection;
    this.board = board;
    this.progress = progress;
    this.patienceForJournal = patienceForJournal;
  }

  /**
   * One of them, without the journal where that does not come in time.
   *
   * @throws BoardFailure if there is none such, or the board may not or can't tell
   * @throws IOException if the link is lost
   */
  RunLog read(RunLog.Wanted wanted) throws IOException {
    List<PastRun> kept = kept();
    PastRun run = chosen(kept, wanted.run());
    String lines = Integer.toString(wanted.lines());
    List<String> log = ask(new BoardScript.Call("log", run.token(), lines)).lines().toList();
    Optional<List<String>> journal = Optional.empty();
    if (wanted.journal().isPresent()) {
      String units = wanted.journal().get().label();
      var call = new BoardScript.Call("journal", run.token(), lines, units);
      journal = journal(call);
    }
    return new RunLog(kept, run, log, journal);
  }

  private Optional<List<String>> journal(BoardScript.Call call) throws InterruptedIOException {
    try {
      return Optional.of(ask(call, patienceForJournal).lines().toList());
    } catch (IOException e) {
      Interruption.check(e);
      progress.warn(
          "%s: its journal did not come within %d s, or the link to it was lost"
              .formatted(board, patienceForJournal.toSeconds()));
      return Optional.empty();
    }
  }

  private List<PastRun> kept() throws IOException {
    String runs = ask(new BoardScript.Call("runs"));
    try {
      return PastRun.all(runs);
    } catch (BoardFailure strange) {
      throw strange.of(board);
    }
  }

  private PastRun chosen(List<PastRun> kept, String wanted) {
    if (kept.isEmpty()) {
      throw new BoardFailure(
          FailureCode.NOTHING_KEPT,
          board + " keeps no log: nothing was deployed to it by Flakeferry",
          "");
    }
    return IntStream.range(0, kept.size())
        .filter(i -> wanted.equals(Integer.toString(i + 1)) || wanted.equals(kept.get(i).token()))
        .mapToObj(kept::get)
        .findFirst()
        .orElseThrow(
            () ->
                new BoardFailure(
                    FailureCode.NOTHING_KEPT,
                    "%s keeps no log of a deployment '%s'".formatted(board, wanted),
                    "It keeps %d: 1, the newest, to %d, which is %s."
                        .formatted(kept.size(), kept.size(), kept.getLast().token())));
  }

  private String ask(BoardScript.Call call) throws IOException {
    return ask(call, PATIENCE);
  }

  private String ask(BoardScript.Call call, Duration patience) throws IOException {
    var answer = connection.run(call, patience);
    if (answer.status() == 0) {
      return answer.output();
    }
    throw NotTold.of(board, call, answer, "logs", FailureCode.NOTHING_KEPT);
  }
}
