package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardResult;
import java.util.ArrayList;
import java.util.List;

/**
 * A result's message, taken apart.
 *
 * @param first its first line; may be empty
 * @param notices its further lines
 * @param log what the board said last
 */
record Message(String first, List<String> notices, List<String> log) {
  private static final String INDENT = "  ";

  static Message of(BoardResult result) {
    List<String> lines = result.message().strip().lines().toList();
    List<String> words = lines.stream().takeWhile(line -> !line.startsWith(INDENT)).toList();
    List<String> log =
        lines.stream()
            .skip(words.size())
            .map(line -> line.startsWith(INDENT) ? line.substring(INDENT.length()) : line)
            .toList();
    // "It said last:" is said by the log's place
    if (!log.isEmpty() && !words.isEmpty() && words.getLast().endsWith(":")) {
      words = words.subList(0, words.size() - 1);
    }
    return words.isEmpty()
        ? new Message("", List.of(), log)
        : new Message(words.getFirst(), List.copyOf(words.subList(1, words.size())), log);
  }

  /** All but the log. */
  List<String> reason() {
    var all = new ArrayList<String>();
    if (!first.isEmpty()) {
      all.add(first);
    }
    all.addAll(notices);
    return all;
  }
}
