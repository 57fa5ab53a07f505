package io.github.flakeferry.pipeline;

import io.github.flakeferry.cache.BinaryCache;
import io.github.flakeferry.cache.BinaryCaches;
import io.github.flakeferry.cache.CacheSession;
import io.github.flakeferry.cache.LogUploads;
import io.github.flakeferry.cache.ProgramSession;
import io.github.flakeferry.cache.PublishFailed;
import io.github.flakeferry.cache.PublishResult;
import io.github.flakeferry.cache.PublishSession;
import io.github.flakeferry.cache.PublishTerms;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.PublishPolicy;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.LogSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.process.SearchPath;
import io.github.flakeferry.support.progress.Progress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** One cache, as long as a run publishes to it. For any number of threads. */
final class Outlet implements AutoCloseable {
  private final CachePolicy policy;
  private final Optional<BinaryCache> cache;
  private final CacheSession session;
  private final Optional<LogUploads> logs;
  private final Progress progress;
  private volatile boolean offered;
  private boolean ended;

  private Outlet(
      CachePolicy policy,
      Optional<BinaryCache> cache,
      CacheSession session,
      Optional<LogUploads> logs,
      Progress progress) {
    this.policy = policy;
    this.cache = cache;
    this.session = session;
    this.logs = logs;
    this.progress = progress;
  }

  /**
   * Nothing is asked of the cache before something is offered.
   *
   * @param key signs what is uploaded; a cache that takes paths through a program needs none
   * @param programs where such a program is
   * @throws PublishFailed if there is no such kind of cache, or not the program that it needs
   */
  static Outlet open(
      CachePolicy policy,
      Optional<SigningKey> key,
      Settings settings,
      SearchPath programs,
      Progress progress) {
    CacheSession.Troubles troubles =
        (failure, givenUp) ->
            progress.warn(failure.told() + (givenUp ? " It gets nothing more in this run." : ""));
    List<PublicKey> upstream = policy.publishing().upstream();
    if (policy.through().isPresent()) {
      var session =
          ProgramSession.open(
              policy.through().get(),
              settings.credentialsFor(policy.url()).orElseThrow(),
              new PublishTerms(Optional.empty(), upstream, policy.publishing().format()),
              programs,
              progress,
              troubles);
      return new Outlet(policy, Optional.empty(), session, Optional.empty(), progress);
    }
    var terms =
        new PublishTerms(Optional.of(key.orElseThrow()), upstream, policy.publishing().format());
    BinaryCache cache = BinaryCaches.open(policy.url(), settings.credentialsFor(policy.url()));
    var session = PublishSession.open(cache, terms, Nix.contents(), progress, troubles);
    var logs =
        policy.publishing().format().logs()
            ? Optional.of(LogUploads.open(cache, progress))
            : Optional.<LogUploads>empty();
    return new Outlet(policy, Optional.of(cache), session, logs, progress);
  }

  CachePolicy policy() {
    return policy;
  }

  /** Whether it takes all that is built, and not just what boards get. */
  boolean takesBuilt() {
    return policy.publishing().what() == PublishPolicy.What.BUILT;
  }

  /** Returns at once; paths as for {@link CacheSession#offer}. */
  void offer(Collection<PathInfo> closure) {
    if (!closure.isEmpty()) {
      offered = true;
    }
    session.offer(closure);
  }

  /** Takes the logs of these derivations, if the policy wants that. Returns at once. */
  void offerLogs(Collection<StorePath> derivations, LogSource source) {
    logs.ifPresent(uploads -> uploads.offer(derivations, source));
  }

  /** Whether the policy wants the logs of builds. */
  boolean takesLogs() {
    return logs.isPresent();
  }

  /** The same for what was built before, as far as the cache lacks them and there still are any. */
  void offerEarlierLogs(Collection<StorePath> derivations, LogSource source) {
    logs.ifPresent(uploads -> uploads.offerEarlier(derivations, source));
  }

  /** Waits for the logs that it was offered, not longer than this, and takes no more of them. */
  void finishLogs(Duration patience) {
    logs.ifPresent(uploads -> uploads.finish(patience));
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
    String missing =
        told(result.upstream(), " are upstream's") + told(result.left(), " are missing");
    String paths = Words.count(result.uploaded(), "path");
    progress.note(
        policy
            .through()
            .map(
                through ->
                    "%s: %s published or there, says `%s`%s"
                        .formatted(policy.url(), paths, through.program().command(), missing))
            .orElseGet(
                () ->
                    "%s: %s published, %d were there%s, %s sent"
                        .formatted(
                            policy.url(),
                            paths,
                            result.present(),
                            missing,
                            Words.bytes(result.compressedBytes()))));
  }

  private static String told(int count, String what) {
    return count == 0 ? "" : ", " + count + what;
  }

  @Override
  public void close() {
    session.close();
    finishLogs(Duration.ZERO);
    cache.ifPresent(BinaryCache::close);
  }
}
