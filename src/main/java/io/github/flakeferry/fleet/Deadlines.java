package io.github.flakeferry.fleet;

import java.time.Duration;

/**
 * How long a board waits before it undoes a deployment by itself.
 *
 * @param activation for {@code switch-to-configuration}
 * @param confirm for the runner's acknowledgement after it
 */
public record Deadlines(Duration activation, Duration confirm) {
  /** Five minutes and sixty seconds. */
  public static final Deadlines DEFAULT =
      new Deadlines(Duration.ofMinutes(5), Duration.ofSeconds(60));
}
