package io.github.flakeferry.cache;

import io.github.flakeferry.model.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Tries a cache, in seconds, without publishing anything. */
public final class CacheProbe implements AutoCloseable {
  /** A file that no reader of caches asks for; it stays there, and is written over. */
  static final String FILE = "flakeferry-check";

  private final BinaryCache cache;

  private CacheProbe(BinaryCache cache) {
    this.cache = cache;
  }

  /**
   * Opens it; nothing is asked of it yet.
   *
   * @param credentials as for {@link BinaryCaches#open}
   * @throws PublishFailed if there is no such kind of cache
   */
  public static CacheProbe of(URI url, Optional<Secret> credentials) {
    return new CacheProbe(BinaryCaches.glance(url, credentials));
  }

  /**
   * Whether there is a cache already, and not just a place for one.
   *
   * @throws PublishFailed if it can't be reached, or is something else
   */
  public boolean isThere() {
    return CacheInfo.isThere(cache);
  }

  /**
   * Writes a file and reads it back.
   *
   * @throws PublishFailed if it does not take it, or does not give it back
   */
  public void write() {
    CacheInfo.writeAndReadBack(cache, FILE, UUID.randomUUID() + "\n");
  }

  /**
   * How far its clock is ahead of ours, to the second; negative where it is behind. Absent where it
   * tells no time.
   */
  public Optional<Duration> clockAhead() {
    return cache instanceof HttpBinaryCache http
        ? http.date().map(date -> Duration.between(Instant.now(), date))
        : Optional.empty();
  }

  @Override
  public void close() {
    cache.close();
  }
}
