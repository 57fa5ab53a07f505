package io.github.flakeferry.fleet;

/**
 * Where something stands in a file.
 *
 * @param line from 1
 * @param column from 1, in code points
 */
record Place(int line, int column) implements Comparable<Place> {
  static final Place START = new Place(1, 1);

  Place right(int columns) {
    return new Place(line, column + columns);
  }

  @Override
  public int compareTo(Place other) {
    return line != other.line
        ? Integer.compare(line, other.line)
        : Integer.compare(column, other.column);
  }
}
