package io.github.flakeferry.pipeline;

import io.github.flakeferry.cache.BinaryCache;
import io.github.flakeferry.cache.BinaryCaches;
import io.github.flakeferry.cache.PublishFailed;
import io.github.flakeferry.cache.PublishResult;
import io.github.flakeferry.cache.PublishSession;
import io.github.flakeferry.cache.PublishTerms;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Progress;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** One cache, as long as a run publishes to it. For any number of threads. */
final class Outlet implements AutoCloseable {
  private final CachePolicy policy;
  private final BinaryCache cache;
  private final PublishSession session;
  private final Progress progress;
  private volatile boolean offered;
  private boolean ended;

  private Outlet(CachePolicy policy, BinaryCache cache, PublishSession session, Progress progress) {
    this.policy = policy;
    this.cache = cache;
    this.session = session;
    this.progress = progress;
  }

  /**
   * Nothing is asked of the cache before something is offered.
   *
   * @throws PublishFailed if there is no such kind of cache
   */
  static Outlet open(CachePolicy policy, SigningKey key, Settings settings, Progress progress) {
    BinaryCache cache = BinaryCaches.open(policy.url(), settings.cacheCredentials());
    var session =
        PublishSession.open(
            cache,
            new PublishTerms(
                Optional.of(key), policy.publishing().upstream(), policy.publishing().format()),
            Nix.contents(),
            progress,
            (failure, givenUp) ->
                progress.warn(
                    failure.problem() + (givenUp ? " It gets nothing more in this run." : "")));
    return new Outlet(policy, cache, session, progress);
  }

  CachePolicy policy() {
    return policy;
  }

  /** Returns at once; paths as for {@link PublishSession#offer}. */
  void offer(Collection<PathInfo> closure) {
    if (!closure.isEmpty()) {
      offered = true;
    }
    session.offer(closure);
  }

  /**
   * Waits until it has all that it was offered; not for more than one thread.
   *
   * @return why it has not
   */
  Optional<Failure> finish() {
    if (ended) {
      return Optional.empty();
    }
    PublishResult result = session.finish();
    ended = true;
    note(result);
    return result.failure().map(failure -> failure);
  }

  /** Whether it was offered something that nobody has waited for. */
  boolean isUnfinished() {
    return offered && !ended;
  }

  /** Gives what is under way so much time, and begins nothing more. */
  void cancel(Duration grace) {
    PublishResult result = session.cancel(grace);
    if (isUnfinished()) {
      note(result);
    }
    ended = true;
  }

  private void note(PublishResult result) {
    progress.note(
        "%s: %s published, %d were there%s%s, %s sent"
            .formatted(
                policy.url(),
                Words.count(result.uploaded(), "path"),
                result.present(),
                told(result.upstream(), " are upstream's"),
                told(result.left(), " are missing"),
                Words.bytes(result.compressedBytes())));
  }

  private static String told(int count, String what) {
    return count == 0 ? "" : ", " + count + what;
  }

  @Override
  public void close() {
    session.close();
    cache.close();
  }
}
