package io.github.flakeferry.fleet;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A value of a YAML file and where it stands. */
sealed interface Node {
  Place place();

  /**
   * A text, quoted or not.
   *
   * @param verbatim where its first character stands, if all of it stands there as it is: without
   *     escapes and on one line
   */
  record Text(Place place, String value, Optional<Place> verbatim) implements Node {}

  /**
   * A number.
   *
   * @param written as in the file
   * @param value if it is whole and fits
   */
  record Numeral(Place place, String written, OptionalInt value) implements Node {}

  record Flag(Place place, boolean value) implements Node {}

  /** A key with nothing after it. */
  record Nothing(Place place) implements Node {}

  record Items(Place place, List<Node> nodes) implements Node {}

  /** A map; no key is in it twice. */
  record Fields(Place place, List<Entry> entries) implements Node {}

  /** Something that was told as a fault already: an alias, a tag of YAML's. */
  record Broken(Place place) implements Node {}

  /**
   * A key and its value.
   *
   * @param place the key's
   */
  record Entry(Place place, String key, Node value) {}

  /** What it is, as in "expected a list, found …"; a text is not shown: it may be a secret. */
  default String kind() {
    return switch (this) {
      case Text(var _, var value, var _) -> value.isBlank() ? "an empty text" : "a text";
      case Numeral(var _, var written, var _) -> "the number " + Shown.plain(written);
      case Flag(var _, var value) -> String.valueOf(value);
      case Nothing nothing -> "nothing";
      case Items(var _, var nodes) -> nodes.isEmpty() ? "an empty list" : "a list";
      case Fields(var _, var entries) -> entries.isEmpty() ? "an empty map" : "a map";
      case Broken broken -> "something unreadable";
    };
  }
}
