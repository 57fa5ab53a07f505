package io.github.flakeferry.forge.actions;

import io.github.flakeferry.support.http.Patience.Sleeper;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How a forge wants to be asked (GitHub docs, "Best practices for using the REST API").
 *
 * @param apart between the end of one write and the beginning of the next
 * @param clock what time it is
 * @param sleeper waits
 */
public record Manners(Duration apart, InstantSource clock, Sleeper sleeper) {
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  /** By the machine's clock, a second apart. */
  public static Manners good(Sleeper sleeper) {
    return new Manners(A_SECOND, InstantSource.system(), sleeper);
  }
}
