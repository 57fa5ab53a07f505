package io.github.flakeferry.board;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/** Keeps the end of what somebody says, each line cut to a bounded length. */
final class LastLines {
  private static final int LONGEST = 1000;

  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private final int most;

  LastLines(int most) {
    this.most = most;
  }

  void add(String line) {
    if (lines.size() == most) {
      lines.removeFirst();
    }
    lines.addLast(line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line);
  }

  List<String> list() {
    return List.copyOf(lines);
  }

  /** Reads a stream to its end. */
  static List<String> of(InputStream from, int most) throws IOException {
    var kept = new LastLines(most);
    try (var reader = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        kept.add(line);
      }
    }
    return kept.list();
  }
}
