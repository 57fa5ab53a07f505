package io.github.flakeferry.cli;

import java.time.Duration;
import java.time.Instant;

/** How long ago something was, for people. */
final class Ago {
  private Ago() {}

  /** {@code 5 min ago}; both by the same clock. */
  static String of(Instant then, Instant now) {
    Duration age = Duration.between(then, now);
    if (age.isNegative()) {
      return "in the future";
    }
    if (age.toMinutes() < 1) {
      return age.toSeconds() + " s ago";
    }
    if (age.toHours() < 1) {
      return age.toMinutes() + " min ago";
    }
    return age.toDays() < 2 ? age.toHours() + " h ago" : age.toDays() + " days ago";
  }
}
