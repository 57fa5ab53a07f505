package io.github.flakeferry.pipeline;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.FailureReason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Boards did not reach their systems; the message has what became of each. */
final class BoardsFailed extends Failure {
  private final transient List<BoardResult> results;

  /**
   * @param reason what they come to
   */
  BoardsFailed(FailureReason reason, List<BoardResult> all) {
    List<BoardResult> bad =
        all.stream().filter(r -> !r.outcome().reached() && !r.outcome().isPutOff()).toList();
    FailureCode code = code(reason, bad);
    super(code, bad.stream().map(r -> line(r, code)).collect(joining("\n")), "");
    this.results = bad;
  }

  /** That of the board with the worst outcome, where it is the reason. */
  private static FailureCode code(FailureReason reason, List<BoardResult> bad) {
    return bad.stream()
        .sorted(Comparator.comparing(BoardResult::outcome))
        .flatMap(result -> result.code().stream())
        .filter(code -> code.reason() == reason)
        .findFirst()
        .orElse(FailureCode.PARTLY);
  }

  /** The boards in question. */
  List<BoardResult> results() {
    return results;
  }

  static String line(BoardResult result) {
    return line(result, result.told());
  }

  // the code that stands before all of it already is not told again
  private static String line(BoardResult result, FailureCode above) {
    return line(
        result, result.code().equals(Optional.of(above)) ? result.message() : result.told());
  }

  private static String line(BoardResult result, String words) {
    return "%s: %s: %s".formatted(result.board(), result.outcome().label(), words);
  }
}
