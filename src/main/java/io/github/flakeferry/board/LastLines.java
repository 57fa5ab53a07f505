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

  /** Takes a line. */
  interface Taker {
    void take(String line) throws InterruptedException;
  }

  /** Reads a stream to its end, in memory never more than one line of bounded length. */
  static void each(InputStream from, Taker to) throws IOException, InterruptedException {
    var reader = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8));
    var line = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      if (c == '\n') {
        to.take(line.toString());
        line.setLength(0);
      } else if (line.length() <= LONGEST) { // one more: so it shows that it was cut
        line.append((char) c);
      }
    }
    if (!line.isEmpty()) {
      to.take(line.toString());
    }
  }

  /** The end of a stream. */
  static List<String> of(InputStream from, int most) throws IOException, InterruptedException {
    var kept = new LastLines(most);
    each(from, kept::add);
    return kept.list();
  }
}
