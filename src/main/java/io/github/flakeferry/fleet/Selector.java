package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardName;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Chooses boards by tags and names: {@code riscv64 & !canary}, {@code unmatched-* | lab}. {@code !}
 * binds closest, then {@code &}, then {@code |}; a word is a tag or a name, {@code *} in it any
 * text, {@code ?} any character. {@code =unmatched-1,unmatched-2} are the boards of these very
 * names, whatever the tags are called.
 */
public sealed interface Selector {
  /** Boards with such a tag or name. */
  record Word(String glob) implements Selector {
    @Override
    public String toString() {
      return glob;
    }
  }

  /** The boards with these names, at least one. */
  record Names(SortedSet<BoardName> names) implements Selector {
    public Names {
      names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }

    @Override
    public String toString() {
      return names.stream().map(BoardName::value).collect(Collectors.joining(",", "=", ""));
    }
  }

  record Not(Selector operand) implements Selector {
    @Override
    public String toString() {
      return "!" + inner(operand);
    }
  }

  record And(Selector left, Selector right) implements Selector {
    @Override
    public String toString() {
      return (left instanceof Or ? inner(left) : left)
          + " & "
          + (right instanceof Word || right instanceof Not ? right : inner(right));
    }
  }

  record Or(Selector left, Selector right) implements Selector {
    @Override
    public String toString() {
      return left + " | " + (right instanceof Or ? inner(right) : right);
    }
  }

  /**
   * Reads a selector.
   *
   * @throws SelectorInvalid with the column of the first thing that is wrong
   */
  static Selector parse(String text) {
    return new SelectorParser(text).parse();
  }

  /** Whether a board of this name and with these tags is chosen. */
  default boolean matches(BoardName name, Set<String> tags) {
    return switch (this) {
      case Word(var glob) -> {
        var pattern = new Glob(glob);
        yield pattern.matches(name.value()) || tags.stream().anyMatch(pattern::matches);
      }
      case Names(var names) -> names.contains(name);
      case Not(var operand) -> !operand.matches(name, tags);
      case And(var left, var right) -> left.matches(name, tags) && right.matches(name, tags);
      case Or(var left, var right) -> left.matches(name, tags) || right.matches(name, tags);
    };
  }

  private static String inner(Selector selector) {
    return selector instanceof Word ? selector.toString() : "(" + selector + ")";
  }
}
