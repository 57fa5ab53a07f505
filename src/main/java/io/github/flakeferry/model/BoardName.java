package io.github.flakeferry.model;

import java.util.regex.Pattern;

/**
 * A board's name in the policy.
 *
 * @param value letters, digits, dots, hyphens and underscores, at most 63, a letter or digit first
 */
public record BoardName(String value) implements Comparable<BoardName> {
  private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");

  public BoardName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a board's name: '" + value + "'");
    }
  }

  @Override
  public int compareTo(BoardName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
