package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardName;
import java.util.TreeSet;

/**
 * Recursive descent over {@code or := and ('|' and)*}, {@code and := not ('&' not)*}, {@code
 * operand := '(' or ')' | word | '=' name (',' name)*}.
 */
final class SelectorParser {
  // the names of 500 boards
  private static final int MOST_CHARACTERS = 32_000;
  // deeper and longer ones nobody writes; both keep the recursion off the end of the stack
  private static final int MOST_DEPTH = 50;
  private static final int MOST_OPERANDS = 500;

  private final String text;
  private int at;
  private int depth;
  private int operands;

  SelectorParser(String text) {
    this.text = text;
  }

  Selector parse() {
    if (text.length() > MOST_CHARACTERS) {
      throw fault(MOST_CHARACTERS, "longer than " + MOST_CHARACTERS + " characters");
    }
    Selector selector = or();
    if (at < text.length()) {
      char c = text.charAt(at);
      throw fault(
          at,
          c == ')'
              ? "this parenthesis was never opened"
              : "expected & (and) or | (or) before " + Shown.quoted(rest()));
    }
    return selector;
  }

  private Selector or() {
    Selector left = and();
    while (take('|')) {
      left = new Selector.Or(left, and());
    }
    return left;
  }

  private Selector and() {
    Selector left = not();
    while (take('&')) {
      left = new Selector.And(left, not());
    }
    return left;
  }

  private Selector not() {
    if (++depth > MOST_DEPTH) {
      throw fault(at, "nested deeper than " + MOST_DEPTH);
    }
    try {
      return take('!') ? new Selector.Not(not()) : operand();
    } finally {
      depth--;
    }
  }

  private Selector operand() {
    int open = at;
    if (take('(')) {
      Selector inner = or();
      if (!take(')')) {
        throw fault(open, "this parenthesis is never closed");
      }
      return inner;
    }
    if (++operands > MOST_OPERANDS) {
      throw fault(at, "more than " + MOST_OPERANDS + " tags and names");
    }
    if (take('=')) {
      return names();
    }
    return new Selector.Word(word("a tag or a name"));
  }

  private Selector names() {
    var names = new TreeSet<BoardName>();
    do {
      int start = at;
      String name = word("a board's name");
      try {
        names.add(new BoardName(name));
      } catch (IllegalArgumentException e) {
        throw fault(start, String.valueOf(e.getMessage()));
      }
    } while (take(','));
    return new Selector.Names(names);
  }

  private String word(String expected) {
    int start = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw fault(
          at,
          "expected "
              + expected
              + (at == text.length()
                  ? ""
                  : ", found " + Shown.quoted(Character.toString(text.codePointAt(at)))));
    }
    String word = text.substring(start, at);
    blanks();
    return word;
  }

  private boolean take(char c) {
    blanks();
    if (at >= text.length() || text.charAt(at) != c) {
      return false;
    }
    at++;
    // && and || are how many other languages write it
    if ((c == '&' || c == '|') && at < text.length() && text.charAt(at) == c) {
      throw fault(at, "a second '" + c + "': one is enough");
    }
    blanks();
    return true;
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private String rest() {
    return text.substring(at);
  }

  private static boolean isWord(char c) {
    return (c < 128 && Character.isLetterOrDigit(c)) || "._-*?".indexOf(c) >= 0;
  }

  private SelectorInvalid fault(int index, String fault) {
    int end = Math.min(index, text.length());
    return new SelectorInvalid(text, text.codePointCount(0, end) + 1, fault);
  }
}
