package io.github.flakeferry.model.terms;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What must hold on a board before a system becomes its default, and once more after.
 *
 * @param units that must be active, {@code nginx.service}
 * @param noNewFailures whether no unit may be failed that was not failed before
 * @param commands that must end with 0, run on the board by the user who logs in
 * @param urls that must answer with 2xx, asked by the runner; {@code http} or {@code https}
 * @param deadline for all of it, retries included
 * @param attempts how often a check is tried before it has failed, at least 1
 */
public record HealthChecks(
    List<String> units,
    boolean noNewFailures,
    List<String> commands,
    List<URI> urls,
    Duration deadline,
    int attempts) {
  /** No unit may have failed newly; three attempts within thirty seconds. */
  public static final HealthChecks DEFAULT =
      new HealthChecks(List.of(), true, List.of(), List.of(), Duration.ofSeconds(30), 3);

  public HealthChecks {
    units = List.copyOf(units);
    commands = List.copyOf(commands);
    urls = List.copyOf(urls);
    if (attempts < 1) {
      throw new IllegalArgumentException(attempts + " attempts");
    }
  }

  /** Whether nothing is asked. */
  public boolean isEmpty() {
    return units.isEmpty() && !noNewFailures && commands.isEmpty() && urls.isEmpty();
  }
}
