package io.github.flakeferry.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What somebody sees on a terminal like xterm (ECMA-48; xterm, "Control Sequences"), as far as we
 * use one: any other sequence is an error.
 */
public final class ScreenModel {
  private static final Pattern SEQUENCE = Pattern.compile("\u001b(?:\\[(\\??)([0-9;]*)([@-~])|M)");

  private int columns;
  private int rows;
  private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
  private final StringBuilder pending = new StringBuilder();
  private int top; // the first line that the window still shows
  private int row;
  private int column;
  private boolean wraps;
  private int coloured;

  public ScreenModel(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /** Gives it another size, without less columns: a terminal may then wrap what it shows or not. */
  void resize(int toColumns, int toRows) {
    if (toColumns < columns) {
      throw new IllegalArgumentException("less columns: " + toColumns);
    }
    columns = toColumns;
    rows = toRows;
    wraps = false;
    top = Math.max(top, row - rows + 1);
  }

  /** Takes what was written next, which may end within a sequence. */
  public void take(String written) {
    pending.append(written);
    int at = 0;
    while (at < pending.length()) {
      if (pending.charAt(at) != '\u001b') {
        character(pending.charAt(at++));
        continue;
      }
      Matcher sequence = SEQUENCE.matcher(pending).region(at, pending.length());
      if (sequence.lookingAt()) {
        if (sequence.group(3) == null) {
          move(row - 1, column); // never at the top of the window
        } else {
          control(sequence.group(1) + sequence.group(3), sequence.group(2));
        }
        at = sequence.end();
      } else if (pending.substring(at).matches("\u001b(\\[[?0-9;]*)?")) {
        break; // the rest is still to come
      } else {
        throw new AssertionError("no sequence of ours: " + pending.substring(at + 1));
      }
    }
    pending.delete(0, at);
  }

  private void character(char c) {
    switch (c) {
      case '\r' -> move(row, 0);
      case '\n' -> move(row + 1, column);
      case '\t' -> move(row, Math.min(columns - 1, (column / 8 + 1) * 8));
      case '\b' -> move(row, Math.max(0, column - 1));
      default -> {
        if (c < ' ') {
          throw new AssertionError("a control character: " + (int) c);
        }
        if (wraps) {
          move(row + 1, 0);
        }
        put(column, String.valueOf(c));
        wraps = column == columns - 1;
        column = Math.min(column + 1, columns - 1);
      }
    }
  }

  private void control(String name, String parameters) {
    int count = parameters.matches("[1-9][0-9]*") ? Integer.parseInt(parameters) : 1;
    switch (name) {
      case "A" -> move(Math.max(top, row - count), column);
      case "B" -> move(Math.min(top + rows - 1, row + count), column);
      case "C" -> move(row, Math.min(columns - 1, column + count));
      case "D" -> move(row, Math.max(0, column - count));
      case "G" -> move(row, count - 1);
      case "K" -> eraseLine(parameters);
      case "J" -> eraseBelow(parameters);
      case "P" -> {
        StringBuilder line = lines.get(row);
        line.delete(Math.min(column, line.length()), Math.min(column + count, line.length()));
      }
      case "@" -> {
        pad(column);
        lines.get(row).insert(column, " ".repeat(count));
        if (lines.get(row).length() > columns) {
          lines.get(row).setLength(columns);
        }
      }
      case "?l", "?h" -> { // modes of the keyboard, which shells set
        if (parameters.equals("25")) {
          throw new AssertionError("hides or shows the cursor, which a stop would leave so");
        }
      }
      case "m" -> coloured += parameters.matches("0?") ? 0 : 1;
      default -> throw new AssertionError("no sequence of ours: " + name + " " + parameters);
    }
  }

  private void eraseLine(String how) {
    if (!how.matches("0?")) {
      throw new AssertionError("erases otherwise: " + how);
    }
    lines.get(row).setLength(Math.min(column, lines.get(row).length()));
  }

  private void eraseBelow(String how) {
    if (row == top && column == 0) {
      keepAbove();
    }
    eraseLine(how);
    lines.subList(row + 1, lines.size()).clear();
  }

  // as tmux does with what is erased from the window's very begin
  private void keepAbove() {
    int used = lines.size();
    while (used > row && lines.get(used - 1).toString().isBlank()) {
      used--;
    }
    if (used > row) {
      top = used;
      move(used, 0);
    }
  }

  private void move(int toRow, int toColumn) {
    while (lines.size() <= toRow) {
      lines.add(new StringBuilder());
    }
    row = toRow;
    top = Math.max(top, row - rows + 1);
    column = toColumn;
    wraps = false;
  }

  private void put(int at, String text) {
    pad(at + 1);
    lines.get(row).replace(at, at + 1, text);
  }

  private void pad(int length) {
    StringBuilder line = lines.get(row);
    while (line.length() < length) {
      line.append(' ');
    }
  }

  /**
   * All lines, those that have left the window by its top included, without blanks at their ends.
   */
  public List<String> lines() {
    List<String> all =
        lines.stream()
            .map(line -> line.toString().stripTrailing())
            .collect(Collectors.toCollection(ArrayList::new));
    while (!all.isEmpty() && all.getLast().isEmpty()) {
      all.removeLast();
    }
    return all;
  }

  /** All of it, line by line. */
  public String text() {
    return String.join("\n", lines());
  }

  /** Whether the cursor is where a shell's prompt should begin: at the left, below all lines. */
  public boolean isCursorBelow() {
    return column == 0 && row >= lines().size();
  }

  /** How often something was coloured or made bold. */
  public int coloured() {
    return coloured;
  }
}
