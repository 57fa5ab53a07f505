package io.github.flakeferry;

import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Boards that are started together, and what is told of them. */
final class ManyTestBoards {
  // more at once are not up sooner: they share the machine's processors
  private static final int STARTED_AT_ONCE = 8;

  private ManyTestBoards() {}

  /** Starts so many, named {@code prefix-01} and on. */
  static List<TestBoard> start(Testbed testbed, String prefix, int count)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(STARTED_AT_ONCE)) {
      List<Future<TestBoard>> starting =
          IntStream.rangeClosed(1, count)
              .mapToObj(
                  n -> threads.submit(() -> testbed.startBoard("%s-%02d".formatted(prefix, n))))
              .toList();
      var boards = new ArrayList<TestBoard>();
      for (Future<TestBoard> board : starting) {
        boards.add(board.get());
      }
      return boards;
    }
  }

  /** The policy's {@code boards:}. */
  static String policy(List<TestBoard> boards, Function<TestBoard, String> tags) {
    var text = new StringBuilder("boards:\n");
    for (TestBoard board : boards) {
      text.append(
          """
            %s:
              configuration: %s
              host: %s
              host-key: %s
              tags: [%s]
          """
              .formatted(
                  board.name(),
                  DemoFlake.AMD64,
                  board.address().host(),
                  board.address().hostKeys().getFirst(),
                  tags.apply(board)));
    }
    return text.toString();
  }

  /** What became of each board, as the run's results have it. */
  static Map<String, String> outcomes(RehearsedRun run) {
    var outcomes = new TreeMap<String, String>();
    for (JsonNode board : new ObjectMapper().readTree(run.output("results")).path("boards")) {
      outcomes.put(board.path("board").asString(), board.path("outcome").asString());
    }
    return outcomes;
  }
}
