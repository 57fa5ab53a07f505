package io.github.flakeferry.model;

/** A text that is never printed: {@link #toString} hides it, only {@link #reveal} gives it out. */
public final class Secret {
  private final String text;

  public Secret(String text) {
    this.text = text;
  }

  /** The text itself, for the one call that needs it. */
  public String reveal() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that
        && java.security.MessageDigest.isEqual(
            text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            that.text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
