package io.github.flakeferry.model;

/**
 * Something is not what it was said to be.
 *
 * @param where what it is about: a path, a file, a field
 */
public record Mismatch(String where, String expected, String found) {

  /** On one line, for people. */
  @Override
  public String toString() {
    return where + ": expected " + expected + ", found " + found;
  }
}
