package io.github.flakeferry.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A commit.
 *
 * @param value 40 lower-case hexadecimal digits
 */
public record GitRevision(String value) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{40}");

  public GitRevision {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a full commit id: '" + value + "'");
    }
  }

  /** The one that a text is, in whole; empty for any other text. */
  public static Optional<GitRevision> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new GitRevision(text)) : Optional.empty();
  }

  /** The first 8 digits, for people. */
  public String abbreviated() {
    return value.substring(0, 8);
  }

  @Override
  public String toString() {
    return value;
  }
}
