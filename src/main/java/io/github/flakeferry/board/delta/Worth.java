package io.github.flakeferry.board.delta;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Whether it is quicker to send differences than all: packing and unpacking take their time, on
 * both ends, and a fast link needs less. For several threads.
 */
public final class Worth {
  /** Bytes a second from which on a link is faster than packing, unpacking and comparing. */
  static final long FAST = 30_000_000;

  /** Less than this is sent before a board has said what it has. */
  private static final long LEAST = 128 << 10;

  /** No probe is more than this part of what is to be sent. */
  private static final int MOST_MEASURED = 8;

  /** How long a board may take to get into its stride. */
  private static final Duration TRIAL = Duration.ofSeconds(3);

  /** The measuring of a link: so many bytes, and the next if they took less than this. */
  private enum Probe {
    FIRST(16 << 10, Duration.ofMillis(20)),
    SECOND(128 << 10, Duration.ofMillis(20)),
    THIRD(1 << 20, Duration.ofMillis(70)),
    FOURTH(4 << 20, Duration.ZERO);

    private final int bytes;
    private final Duration quick;

    Probe(int bytes, Duration quick) {
      this.bytes = bytes;
      this.quick = quick;
    }
  }

  /** Takes bytes, and tells when they have arrived. */
  @FunctionalInterface
  public interface Link<E extends Exception> {
    /** How long so many bytes took, there and back. */
    Duration time(int bytes) throws E;
  }

  private final long rate;
  private final LongSupplier clock;
  private OptionalLong began = OptionalLong.empty();
  private long arrived;
  private boolean worth;

  /**
   * @param rate bytes a second that the link takes, at least
   */
  public Worth(long rate) {
    this(rate, System::nanoTime);
  }

  /**
   * @param clock in nanoseconds
   */
  Worth(long rate, LongSupplier clock) {
    this.rate = rate;
    this.clock = clock;
    this.worth = rate < FAST;
  }

  /** Whatever it costs. */
  public static Worth always() {
    return new Worth(0);
  }

  /** Whether so many missing bytes are worth asking the board what it has. */
  public static boolean asking(long missingBytes) {
    return missingBytes >= LEAST;
  }

  /**
   * Bytes a second that a link takes, at least: a slow or long one is not measured to its end. What
   * a link takes at once before it slows down does not count.
   *
   * @param missingBytes what is to be sent, of which measuring shall be a small part
   */
  public static <E extends Exception> long measure(Link<E> link, long missingBytes) throws E {
    long rate = 0;
    for (Probe probe : Probe.values()) {
      if (probe.bytes > missingBytes / MOST_MEASURED) {
        break;
      }
      Duration took = link.time(probe.bytes);
      rate = probe.bytes * 1_000_000_000L / Math.max(1, took.toNanos());
      if (took.compareTo(probe.quick) > 0) {
        break;
      }
    }
    return rate;
  }

  /**
   * What is compared with is there: from now on it counts how long things take. To get it may take
   * longer than all the rest, and says nothing of the link or the board.
   */
  public synchronized void begin() {
    began = OptionalLong.of(clock.getAsLong());
    arrived = 0;
  }

  /**
   * So much more has come into the board's store.
   *
   * @param narBytes as they are when unpacked
   */
  public synchronized void arrived(long narBytes) {
    if (began.isEmpty()) {
      return;
    }
    arrived += narBytes;
    var since = Duration.ofNanos(clock.getAsLong() - began.getAsLong());
    if (since.compareTo(TRIAL) >= 0 && arrived * 1000.0 / since.toMillis() < rate / 2.0) {
      worth = false;
    }
  }

  /** Whether the next piece is to be a difference. */
  public synchronized boolean differences() {
    return worth;
  }
}
