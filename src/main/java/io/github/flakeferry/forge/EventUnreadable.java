package io.github.flakeferry.forge;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.nio.file.Path;
import java.util.List;

/** The forge's variables or its event file don't say why this run was started. */
public final class EventUnreadable extends Failure {
  private static final String NOT_THERE =
      "It is a workflow that starts this command; `flakeferry --help` says which are for hands.";

  private EventUnreadable(String message, String advice) {
    super(FailureCode.EVENT, message, advice);
  }

  /** Variables that the forge sets are not set. */
  public static EventUnreadable missingVariables(List<String> names) {
    return new EventUnreadable(
        (names.size() == 1 ? "The variable " : "The variables ")
            + String.join(", ", names)
            + (names.size() == 1 ? " is not set." : " are not set."),
        NOT_THERE);
  }

  /** A variable is set to something that it can't be. */
  public static EventUnreadable badVariable(String name, String problem) {
    return new EventUnreadable("The variable " + name + " " + problem + ".", "");
  }

  /** There is no event file, or it can't be read. */
  public static EventUnreadable noFile(Path file, String problem) {
    return new EventUnreadable(
        "The event file " + file + " " + problem + ".",
        "GITHUB_EVENT_PATH names it. In a container it must be mounted at that path.");
  }

  /**
   * It is not JSON.
   *
   * @param line counted from 1
   * @param column counted from 1
   */
  public static EventUnreadable notJson(Path file, int line, int column, String problem) {
    return new EventUnreadable(
        "The event file "
            + file
            + " is not JSON: line "
            + line
            + ", column "
            + column
            + ": "
            + problem,
        "");
  }

  /**
   * The payload lacks something that this event must have.
   *
   * @param field where it should be: {@code pull_request.head.sha}
   * @param expected what should be there: "a full commit id"
   */
  public static EventUnreadable badField(
      Path file, String event, String field, String expected, String found) {
    return new EventUnreadable(
        "The event file "
            + file
            + " is no `"
            + event
            + "` event: "
            + field
            + " should be "
            + expected
            + ", but "
            + found
            + ".",
        "");
  }
}
