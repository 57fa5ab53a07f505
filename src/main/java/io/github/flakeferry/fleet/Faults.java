package io.github.flakeferry.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Gathers what is wrong in one file. */
final class Faults {
  // a file of a million wrong keys is not worth a million lines
  private static final int MOST = 200;

  private final String file;
  private final List<Fault> faults = new ArrayList<>();

  Faults(String file) {
    this.file = file;
  }

  void add(Place place, String message) {
    if (faults.size() < MOST) {
      faults.add(new Fault(file, place.line(), place.column(), message));
    }
  }

  /**
   * Tells that a node is not what it should be; a text is shown as it is.
   *
   * @param expected {@code a list of tags}
   */
  void wrongType(Node node, String expected) {
    switch (node) {
      case Node.Broken broken -> {} // told already
      case Node.Text(var place, var value, var _) when !value.isBlank() ->
          add(place, "expected " + expected + ", found " + Shown.quoted(value));
      case Node.Text _, Node.Numeral _, Node.Flag _, Node.Nothing _, Node.Items _, Node.Fields _ ->
          add(node.place(), "expected " + expected + ", found " + node.kind());
    }
  }

  /** A text that is not blank; anything else is told. */
  Optional<Node.Text> text(Node node, String expected) {
    if (node instanceof Node.Text text && !text.value().isBlank()) {
      return Optional.of(text);
    }
    boolean unquoted = node instanceof Node.Numeral || node instanceof Node.Flag;
    wrongType(node, expected + (unquoted ? " (in quotes)" : ""));
    return Optional.empty();
  }

  /** The items of a list, or the one value that stands for a list of it. */
  static List<Node> oneOrMore(Node node) {
    return node instanceof Node.Items(var _, var nodes) && !nodes.isEmpty() ? nodes : List.of(node);
  }

  /** How many there are up to now: to tell whether a part of the file had any. */
  int count() {
    return faults.size();
  }

  /** Does nothing where there are none. */
  void throwIfAny() {
    if (!faults.isEmpty()) {
      throw new PolicyInvalid(
          faults.stream()
              .sorted(Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column))
              .toList());
    }
  }
}
