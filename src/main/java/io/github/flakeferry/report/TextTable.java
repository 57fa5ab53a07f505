package io.github.flakeferry.report;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table in plain text, its columns as wide as they need to be. */
public final class TextTable {
  private static final String GAP = "  ";

  private TextTable() {}

  /**
   * The rows, one on a line, below their heads.
   *
   * @param rows each with as many cells as there are heads
   */
  public static String render(List<String> heads, List<List<String>> rows) {
    var all = new ArrayList<List<String>>();
    all.add(heads);
    all.addAll(rows);
    int[] widths =
        IntStream.range(0, heads.size())
            .map(c -> all.stream().mapToInt(r -> r.get(c).length()).max().orElse(0))
            .toArray();
    return all.stream()
        .map(
            row ->
                IntStream.range(0, heads.size())
                    .mapToObj(c -> row.get(c) + " ".repeat(widths[c] - row.get(c).length()))
                    .collect(joining(GAP))
                    .stripTrailing())
        .collect(joining("\n"));
  }
}
