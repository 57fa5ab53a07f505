package io.github.flakeferry.fleet;

import java.util.Optional;

/** Where a policy's text has its boards, for whoever adds one to it. Places are chars from 0. */
public sealed interface BoardsPlace {
  /**
   * Each key has lines of its own.
   *
   * @param at the beginning of the line before which another board's can stand
   * @param indent spaces before a board's name
   * @param step how many more there are before its keys
   */
  record Block(int at, int indent, int step) implements BoardsPlace {}

  /**
   * They are in braces, with a comma behind each but the last.
   *
   * @param at behind the opening one, before the first board
   */
  record Braces(int at) implements BoardsPlace {}

  /** Absent where the text is no map that has some, or its boards can't be added to so. */
  static Optional<BoardsPlace> in(String text) {
    return Yaml.read(text, new Faults("")).flatMap(root -> new BoardsPlaces(text).of(root));
  }
}
