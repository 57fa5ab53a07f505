package io.github.flakeferry.forge.github;

import io.github.flakeferry.support.progress.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reports that did not get through: one warning for each cause, and a list for the summary. */
final class Losses {
  /** How long a forge that is down is left alone. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Progress log;
  private final InstantSource clock;
  private final Set<String> reports = new LinkedHashSet<>();
  private final Set<String> causes = new LinkedHashSet<>();
  private final Set<String> givenUp = new HashSet<>();
  private Instant pausedUntil = Instant.MIN;
  private boolean allGivenUp;

  Losses(Progress log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  /** A report did not get through. */
  synchronized void lost(String report) {
    reports.add(report);
  }

  /** Why: warned about once. */
  synchronized void because(String cause) {
    if (causes.add(cause)) {
      log.warn(cause);
    }
  }

  /** Reports of this kind need not be tried again. */
  synchronized void giveUp(String kind) {
    givenUp.add(kind);
  }

  synchronized void giveUpAll() {
    allGivenUp = true;
  }

  /** The forge is down: reports are not tried for a while, so that they don't hold up the run. */
  synchronized void pause() {
    pausedUntil = clock.instant().plus(PAUSE);
  }

  synchronized boolean isHopeless(String kind) {
    return allGivenUp || givenUp.contains(kind) || clock.instant().isBefore(pausedUntil);
  }

  synchronized List<String> reports() {
    return new ArrayList<>(reports);
  }

  synchronized List<String> causes() {
    return new ArrayList<>(causes);
  }
}
