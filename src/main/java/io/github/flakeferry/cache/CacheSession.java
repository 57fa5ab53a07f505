package io.github.flakeferry.cache;

import io.github.flakeferry.model.PathInfo;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;

/** One cache that takes paths for as long as a run lasts. For any number of threads. */
public sealed interface CacheSession extends AutoCloseable permits PublishSession, ProgramSession {
  /** Takes failures. */
  @FunctionalInterface
  interface Troubles {
    /**
     * Something was not published.
     *
     * @param givenUp whether nothing more is tried with this cache
     */
    void met(PublishFailed failure, boolean givenUp);
  }

  /**
   * Has these published as far as the cache lacks them, and returns at once. What was offered
   * before is passed over.
   *
   * @param closure paths, in any order; what they refer to is among them, was offered before, or is
   *     in the cache
   */
  void offer(Collection<PathInfo> closure);

  /**
   * Waits until all that was offered is published or has failed.
   *
   * @throws UncheckedIOException with an {@link InterruptedIOException} when interrupted
   */
  PublishResult finish();

  /**
   * Lets what is being uploaded come to its end and begins nothing more. Takes a second longer than
   * the time that it is given at most, also where the thread has been interrupted.
   *
   * @param grace after it what is under way is broken off
   */
  PublishResult cancel(Duration grace);

  /** Breaks off what is still under way. */
  @Override
  void close();
}
