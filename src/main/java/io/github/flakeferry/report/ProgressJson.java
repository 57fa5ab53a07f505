package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as JSON, each on one line, for programs: what {@code --json} of commands that take their
 * time prints. The schema is {@code src/doc/progress.schema.json}; what is not known is left out.
 */
public final class ProgressJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ProgressJson() {}

  /** What happened. */
  public static String event(ProgressEvent event, Instant at) {
    return switch (event) {
      case ProgressEvent.StageStarted(String stage) ->
          line("stage-started", at, to -> to.put("stage", stage));
      case ProgressEvent.StageEnded(String stage, Duration took) ->
          line("stage-ended", at, to -> to.put("stage", stage).put("seconds", seconds(took)));
      case ProgressEvent.Note(String text) -> line("note", at, to -> to.put("text", text));
      case ProgressEvent.Warning(String text) -> line("warning", at, to -> to.put("text", text));
      case ProgressEvent.ForeignLine(String origin, String text) ->
          line("line", at, to -> to.put("origin", origin).put("text", text));
      case ProgressEvent.BuilderLine(var derivation, String text) ->
          line(
              "builder-line",
              at,
              to -> to.put("derivation", derivation.toString()).put("text", text));
      case ProgressEvent.DerivationBegun(var derivation) ->
          line("derivation-begun", at, to -> to.put("derivation", derivation.toString()));
      case ProgressEvent.DerivationEnded(var derivation) ->
          line("derivation-ended", at, to -> to.put("derivation", derivation.toString()));
      case ProgressEvent.BuildAdvanced build -> line("build", at, to -> build(to, build));
      case ProgressEvent.PublishAdvanced publish -> line("publish", at, to -> publish(to, publish));
      case ProgressEvent.TransferAdvanced transfer ->
          line(
              "transfer",
              at,
              to ->
                  counts(
                          to.put("board", transfer.board().value()),
                          transfer.done(),
                          transfer.expected())
                      .put("bytes", transfer.bytes())
                      .put("expectedBytes", transfer.expectedBytes()));
      case ProgressEvent.BoardStep(var board, String step, var detail) ->
          line(
              "board-step",
              at,
              to -> {
                to.put("board", board.value()).put("step", step);
                detail.ifPresent(text -> to.put("detail", text));
              });
      case ProgressEvent.WaitBegun(String what) ->
          line("wait-begun", at, to -> to.put("what", what));
      case ProgressEvent.WaitEnded(String what) ->
          line("wait-ended", at, to -> to.put("what", what));
      case ProgressEvent.BoardLeft(var board) ->
          line("board-left", at, to -> to.put("board", board.value()));
      case ProgressEvent.BoardEnded(var result) ->
          line("board-ended", at, to -> ResultsJson.board(to, result));
    };
  }

  /** What became of boards: the last line of a command that was about them. */
  public static String results(List<BoardResult> results, Instant at) {
    return line(
        "results",
        at,
        to -> {
          var boards = to.putArray("boards");
          results.forEach(result -> ResultsJson.board(boards.addObject(), result));
        });
  }

  /**
   * What was published: the last line of a command that did that.
   *
   * @param there paths that the cache had
   * @param upstream paths that another cache has
   * @param sentBytes as they were compressed
   */
  public static String published(int paths, int there, int upstream, long sentBytes, Instant at) {
    return line(
        "published",
        at,
        to ->
            to.put("paths", paths)
                .put("there", there)
                .put("upstream", upstream)
                .put("sentBytes", sentBytes));
  }

  /** Why there is no result: the last line in its place. */
  public static String failed(Failure failure, Instant at) {
    return failed(failure.code(), failure.problem(), failure.advice(), failure.details(), at);
  }

  /** The same of what is no {@link Failure}. */
  public static String failed(
      FailureCode code, String problem, String advice, List<String> details, Instant at) {
    return line(
        "failed",
        at,
        to -> {
          to.put("code", code.label())
              .put("reason", code.reason().label())
              .put("message", problem)
              .put("advice", advice);
          details.forEach(to.putArray("details")::add);
        });
  }

  private static String line(String event, Instant at, Consumer<ObjectNode> rest) {
    ObjectNode root = JSON.createObjectNode().put("event", event).put("time", at.toString());
    rest.accept(root);
    return JSON.writeValueAsString(root);
  }

  private static void build(ObjectNode to, ProgressEvent.BuildAdvanced build) {
    counts(to, build.done(), build.expected());
    build.running().forEach(to.putArray("running")::add);
    to.put("downloadedBytes", build.downloadedBytes()).put("expectedBytes", build.expectedBytes());
  }

  private static void publish(ObjectNode to, ProgressEvent.PublishAdvanced publish) {
    counts(to.put("cache", publish.cache()), publish.done(), publish.expected())
        .put("bytes", publish.bytes())
        .put("expectedBytes", publish.expectedBytes())
        .put("sentBytes", publish.sentBytes())
        .put("bytesPerSecond", publish.bytesPerSecond())
        .put("ended", publish.ended());
  }

  private static ObjectNode counts(ObjectNode to, int done, int expected) {
    return to.put("done", done).put("expected", expected);
  }

  private static double seconds(Duration took) {
    return took.toMillis() / 1000.0;
  }
}
