package io.github.flakeferry.nix;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A line of {@code --log-format internal-json}: {@code @nix} and an object. The format is not
 * documented; the actions are those of Nix's {@code JSONLogger} (libutil/logging.cc). Whatever is
 * not understood is {@link Other}.
 */
sealed interface LogLine {
  /** Activity types (libutil/logging.hh, {@code ActivityType}). */
  int COPY_PATH = 100;

  int FILE_TRANSFER = 101;
  int BUILDS = 104;
  int BUILD = 105;

  /** Result types (libutil/logging.hh, {@code ResultType}). */
  int BUILD_LOG_LINE = 101;

  int PROGRESS = 105;
  int SET_EXPECTED = 106;
  int POST_BUILD_LOG_LINE = 107;

  /** Levels (libutil/error.hh, {@code Verbosity}). */
  int ERROR = 0;

  int WARNING = 1;
  int INFO = 3;

  /**
   * An activity begins.
   *
   * @param fields what it is about; of a build the derivation, then the machine
   */
  record Started(long id, int type, Fields fields) implements LogLine {}

  record Stopped(long id) implements LogLine {}

  /**
   * Something about an activity that goes on.
   *
   * @param fields of a progress: done, expected, running, failed
   */
  record Result(long id, int type, Fields fields) implements LogLine {}

  /** A message to people. */
  record Message(int level, String text) implements LogLine {}

  /** A line that is not Nix's, or that we don't know. */
  record Other(String text) implements LogLine {}

  /** Strings and numbers; asking for one that is missing gives an empty one. */
  record Fields(List<JsonNode> values) {
    public Fields {
      values = List.copyOf(values);
    }

    String string(int index) {
      return index < values.size() ? values.get(index).asString("") : "";
    }

    long number(int index) {
      return index < values.size() ? values.get(index).asLong(0) : 0;
    }
  }

  /** Never fails. */
  static LogLine parse(String line) {
    if (!line.startsWith("@nix ")) {
      return new Other(line);
    }
    try {
      JsonNode node = Reader.JSON.readTree(line.substring("@nix ".length()));
      long id = node.path("id").asLong(0);
      int type = node.path("type").asInt(0);
      return switch (node.path("action").asString("")) {
        case "start" -> new Started(id, type, fields(node));
        case "stop" -> new Stopped(id);
        case "result" -> new Result(id, type, fields(node));
        case "msg" -> new Message(node.path("level").asInt(INFO), node.path("msg").asString(""));
        default -> new Other(line);
      };
    } catch (JacksonException e) {
      return new Other(line);
    }
  }

  private static Fields fields(JsonNode node) {
    return new Fields(List.copyOf(node.path("fields").values()));
  }

  /** Holds the parser, which an interface can't keep to itself. */
  final class Reader {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Reader() {}
  }
}
