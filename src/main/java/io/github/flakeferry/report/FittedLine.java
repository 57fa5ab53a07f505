package io.github.flakeferry.report;

import io.github.flakeferry.support.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A line of parts, of which those are left out that it has no room for, the last ranks first. */
final class FittedLine {
  private static final String GAP = "  ";

  private final List<Part> parts = new ArrayList<>();

  private record Part(int rank, String text) {}

  /** What the line begins with and never lacks. */
  FittedLine(String begin) {
    parts.add(new Part(0, begin));
  }

  /**
   * One more part.
   *
   * @param rank a part of a higher one goes before it when there is no room
   * @param text nothing when it is empty
   */
  FittedLine with(int rank, String text) {
    if (!text.isEmpty()) {
      parts.add(new Part(rank, text));
    }
    return this;
  }

  /** The line, at most so wide: what it begins with is cut where even that has no room. */
  String in(int columns) {
    var left = new ArrayList<>(parts);
    while (width(left) > columns && left.size() > 1) {
      left.remove(left.stream().max(Comparator.comparingInt(Part::rank)).orElseThrow());
    }
    String line = left.stream().map(Part::text).collect(Collectors.joining(GAP));
    return columns < 2 ? "" : Words.shortened(line, columns);
  }

  private static int width(List<Part> parts) {
    return parts.stream().mapToInt(part -> part.text().length()).sum()
        + GAP.length() * (parts.size() - 1);
  }
}
