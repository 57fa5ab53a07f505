package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.BoardsPlace;
import io.github.flakeferry.fleet.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A board as a policy's text has it. */
final class BoardText {
  private BoardText() {}

  /** Lines, each with {@code \n} at its end. */
  static String block(List<NewBoard> boards, int indent, int step) {
    var text = new StringBuilder();
    for (NewBoard board : boards) {
      text.append(" ".repeat(indent)).append(name(board)).append(":\n");
      values(board)
          .forEach(
              (key, value) ->
                  text.append(" ".repeat(indent + step))
                      .append(key)
                      .append(": ")
                      .append(value)
                      .append('\n'));
    }
    return text.toString();
  }

  /** For {@link BoardsPlace.Braces}, on one line. */
  static String inBraces(List<NewBoard> boards) {
    return boards.stream()
        .map(
            board ->
                " %s: { %s }"
                    .formatted(
                        name(board),
                        values(board).entrySet().stream()
                            .map(value -> value.getKey() + ": " + value.getValue())
                            .collect(Collectors.joining(", "))))
        .collect(Collectors.joining(","));
  }

  private static String name(NewBoard board) {
    return Scalars.plainOrQuoted(board.name().value());
  }

  private static Map<String, String> values(NewBoard board) {
    Endpoint at = board.endpoint();
    var values = new LinkedHashMap<String, String>();
    values.put("configuration", Scalars.plainOrQuoted(board.configuration()));
    values.put("host", Scalars.plainOrQuoted(at.host()));
    if (at.port() != Endpoint.SSH) {
      values.put("port", String.valueOf(at.port()));
    }
    if (!at.user().equals(Endpoint.ROOT)) {
      values.put("user", Scalars.plainOrQuoted(at.user()));
    }
    values.put("host-key", board.hostKey().toString());
    if (!board.tags().isEmpty()) {
      values.put(
          "tags",
          board.tags().stream()
              .map(Scalars::plainOrQuoted)
              .collect(Collectors.joining(", ", "[", "]")));
    }
    return values;
  }
}
