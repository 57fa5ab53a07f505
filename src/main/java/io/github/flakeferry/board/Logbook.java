package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.FailureCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads what a board keeps of its activations. Changes nothing. */
final class Logbook {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Connection connection;
  private final BoardName board;

  Logbook(Connection connection, BoardName board) {
    this.connection = connection;
    this.board = board;
  }

  /**
   * One of them.
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
      journal = Optional.of(ask(call).lines().toList());
    }
    return new RunLog(kept, run, log, journal);
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
    var answer = connection.run(call, PATIENCE);
    if (answer.status() == 0) {
      return answer.output();
    }
    throw NotTold.of(board, call, answer, "logs", FailureCode.NOTHING_KEPT);
  }
}
