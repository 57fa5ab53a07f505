package io.github.flakeferry.pipeline;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import java.util.List;

/** Boards did not reach their systems; the message has what became of each. */
final class BoardsFailed extends Failure {
  private final transient List<BoardResult> results;

  BoardsFailed(FailureReason reason, List<BoardResult> all) {
    List<BoardResult> bad =
        all.stream().filter(r -> !r.outcome().reached() && !r.outcome().isPutOff()).toList();
    super(reason, bad.stream().map(BoardsFailed::line).collect(joining("\n")), "");
    this.results = bad;
  }

  /** The boards in question. */
  List<BoardResult> results() {
    return results;
  }

  static String line(BoardResult result) {
    return "%s: %s: %s".formatted(result.board(), result.outcome().label(), result.message());
  }
}
