package io.github.flakeferry.board;

import io.github.flakeferry.model.terms.TransferMode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a board may go on fetching from caches: as long as it shows signs of life. Nix says
 * nothing while a path is on its way, so the board tells what it has received and what its store
 * takes up. Not for more than one thread.
 */
final class FetchPatience {
  /** Less than this in either is no sign: it may be us whom the board hears. */
  private static final long SIGN = 64 << 10;

  /** Where a path is on its way; before it what all that is wanted amounts to. */
  private static final Pattern BEGUN =
      Pattern.compile("copying path '.*|th(is|ese) .*paths? will be fetched.*");

  /** What {@code substitute.sh} tells from time to time: two numbers of bytes. */
  private static final Pattern COUNTS = Pattern.compile("flakeferry: (-?\\d{1,18}) (-?\\d{1,18})");

  /**
   * What is borne with.
   *
   * @param firstSign until anything is on its way
   * @param silence afterwards, without a sign of life
   * @param inAll whatever the signs: nobody holds a runner for ever
   */
  record Terms(Duration firstSign, Duration silence, Duration inAll) {
    private static final Duration LONGEST = Duration.ofHours(6);

    static Terms of(TransferMode mode) {
      return switch (mode) {
        // an unreachable cache shall cost seconds
        case AUTO -> new Terms(Duration.ofSeconds(12), Duration.ofMinutes(1), LONGEST);
        case SUBSTITUTE, STREAM, DELTA ->
            new Terms(Duration.ofMinutes(1), Duration.ofMinutes(5), LONGEST);
      };
    }
  }

  private final Terms terms;
  private final LongSupplier clock;
  private final long end;
  private long until;
  private boolean begun;
  private Optional<Counts> last = Optional.empty();

  private record Counts(long received, long stored) {}

  /** For a fetching that begins now. */
  FetchPatience(Terms terms) {
    this(terms, System::nanoTime);
  }

  /**
   * @param clock in nanoseconds
   */
  FetchPatience(Terms terms, LongSupplier clock) {
    this.terms = terms;
    this.clock = clock;
    this.end = clock.getAsLong() + terms.inAll().toNanos();
    sign();
  }

  private void sign() {
    until = clock.getAsLong() + (begun ? terms.silence() : terms.firstSign()).toNanos();
  }

  /**
   * The board has said this.
   *
   * @return whether it is for this alone, and not what Nix says
   */
  boolean heard(String line) {
    Matcher counts = COUNTS.matcher(line);
    if (counts.matches()) {
      counted(new Counts(Long.parseLong(counts.group(1)), Long.parseLong(counts.group(2))));
      return true;
    }
    if (BEGUN.matcher(line).matches()) {
      begun = true;
      sign();
    }
    return false;
  }

  private void counted(Counts now) {
    if (last.isPresent()) {
      if (!isSign(last.get(), now)) {
        return;
      }
      sign();
    }
    last = Optional.of(now);
  }

  // others write to the disk, too, so that it tells nothing as long as nothing comes
  private boolean isSign(Counts before, Counts now) {
    return Math.abs(now.received - before.received) >= SIGN
        || (begun && Math.abs(now.stored - before.stored) >= SIGN);
  }

  /** Nanoseconds that are left, unless more is heard; negative where there are none. */
  long left() {
    long now = clock.getAsLong();
    return Math.min(until - now, end - now);
  }
}
