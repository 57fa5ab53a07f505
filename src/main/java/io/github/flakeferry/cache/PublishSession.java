package io.github.flakeferry.cache;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.http.Patience;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.Wait;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;

/**
 * Publishes to one cache for as long as a run lasts: takes paths while they are being built, and
 * uploads many at once. A path's narinfo is written after its NAR and after the narinfos of all
 * that it refers to: whoever finds a path in the cache finds its closure. A path that fails does
 * not keep those from being published that don't refer to it. When it fails for a reason that may
 * pass, it and they are tried once more in the end, and only what fails then is told. While the
 * cache itself is away, paths wait until it is there again.
 */
public final class PublishSession implements CacheSession {
  private final BinaryCache cache;
  private final PublishTerms terms;
  private final Uploads uploads;
  private final Progress progress;
  private final Tally tally;
  private final Breaker breaker;
  private final Door door;
  private final Failures failures;
  private final TemporaryFolder folder;
  private final Map<StorePath, CompletableFuture<PathEnd>> ends = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final FutureTask<Boolean> glance;
  private final List<PathInfo> postponed = new ArrayList<>();
  private boolean asked;

  private PublishSession(
      BinaryCache cache,
      PublishTerms terms,
      ContentSource contents,
      TemporaryFolder folder,
      Progress progress,
      Troubles troubles,
      LongSupplier nanos,
      Patience.Sleeper sleeper) {
    this.cache = cache;
    this.terms = terms;
    this.progress = progress;
    this.tally = new Tally(cache.url(), progress, nanos);
    this.breaker = new Breaker(Breaker.OUTAGE, nanos);
    this.door = new Door(this::ask, breaker, nanos, sleeper);
    var packer = new Packer(terms.format(), contents, cache.workshop(folder.path()), cache.url());
    var presence = new Presence(cache, terms);
    this.uploads = new Uploads(cache, packer, presence, breaker, tally, ends);
    this.failures = new Failures(breaker, troubles);
    this.folder = folder;
    this.glance = new FutureTask<>(() -> CacheInfo.isThere(cache));
  }

  /**
   * Begins one; nothing is asked of the cache before something is offered.
   *
   * @param cache stays open
   * @param contents the NARs of what is offered
   * @param troubles told of each failure when it happens, from any thread, and of none any more
   *     once the cache is given up
   * @throws PublishFailed if there is no room for temporary files
   */
  public static PublishSession open(
      BinaryCache cache,
      PublishTerms terms,
      ContentSource contents,
      Progress progress,
      Troubles troubles) {
    return open(cache, terms, contents, progress, troubles, System::nanoTime, Thread::sleep);
  }

  /** The same by another clock. */
  static PublishSession open(
      BinaryCache cache,
      PublishTerms terms,
      ContentSource contents,
      Progress progress,
      Troubles troubles,
      LongSupplier nanos,
      Patience.Sleeper sleeper) {
    try {
      var folder = TemporaryFolder.create("publish");
      return new PublishSession(cache, terms, contents, folder, progress, troubles, nanos, sleeper);
    } catch (IOException e) {
      throw PublishFailed.local(
          PublishFailed.Extent.CACHE, cache.url(), "", "make a temporary folder", e);
    }
  }

  /**
   * Has the cache looked at while it is found out what it is to be offered. Nothing is written
   * there yet, and nothing fails.
   */
  synchronized void expect() {
    threads.execute(glance);
  }

  @Override
  public synchronized void offer(Collection<PathInfo> closure) {
    if (failures.haveEnded()) {
      return;
    }
    List<PathInfo> fresh =
        closure.stream()
            .filter(info -> ends.putIfAbsent(info.path(), new CompletableFuture<>()) == null)
            .toList();
    if (door.isToBeAskedAgain()) {
      begin(postponed(), false);
    }
    begin(fresh, false);
  }

  private void begin(List<PathInfo> infos, boolean last) {
    infos.forEach(info -> threads.execute(() -> publish(info, end(info.path()), last)));
  }

  @Override
  public PublishResult finish() {
    awaitAll();
    Optional<Future<?>> opening = openAgain();
    if (opening.isPresent()) {
      Ending.await(opening.get());
      beginLastRound();
      awaitAll();
    }
    return result();
  }

  private void awaitAll() {
    Ending.await(CompletableFuture.allOf(ends.values().toArray(CompletableFuture[]::new)));
  }

  // on one of our threads: a session that is ended does not wait for the cache
  private synchronized Optional<Future<?>> openAgain() {
    return postponed.isEmpty() || !failures.letGoOn()
        ? Optional.empty()
        : Optional.of(CompletableFuture.runAsync(this::open, threads));
  }

  private void open() {
    try {
      door.open();
    } catch (PublishFailed e) {
      breaker.giveUp(e);
      failures.met(e);
    } catch (InterruptedException | UncheckedIOException e) {
      requireEnded(e);
    }
  }

  /** Begins anew with what was postponed, each path once. */
  private synchronized void beginLastRound() {
    if (failures.letGoOn()) {
      breaker.beginLastRound();
      begin(postponed(), true);
    }
  }

  /** What was postponed, and is not any more. */
  private List<PathInfo> postponed() {
    List<PathInfo> all = List.copyOf(postponed);
    postponed.clear();
    for (PathInfo info : all) {
      tally.triedAgain();
      ends.put(info.path(), new CompletableFuture<>());
    }
    return all;
  }

  private PublishResult result() {
    return tally.result(failures.first());
  }

  private CompletableFuture<PathEnd> end(StorePath path) {
    return Objects.requireNonNull(ends.get(path));
  }

  @Override
  public PublishResult cancel(Duration grace) {
    synchronized (this) {
      failures.end();
      uploads.close();
      threads.shutdown();
    }
    Ending.within(grace, threads);
    return result();
  }

  @Override
  public void close() {
    cancel(Duration.ZERO);
    folder.close();
  }

  private void ask() {
    try (var _ = Wait.begin("asking " + cache.url(), progress)) {
      boolean first = !asked;
      asked = true;
      CacheInfo.ensure(cache, first && seen());
    }
  }

  private boolean seen() {
    glance.run(); // unless it was
    try {
      return glance.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("interrupted while publishing"));
    } catch (ExecutionException e) {
      throw Fanout.unwrapped(e);
    }
  }

  private void publish(PathInfo info, CompletableFuture<PathEnd> end, boolean last) {
    try {
      PathEnd reached = attempt(info, last);
      if (reached == PathEnd.POSTPONED) {
        postpone(info);
      }
      tally.ended(reached);
      end.complete(reached);
    } catch (ExecutionException e) {
      end.completeExceptionally(e.getCause());
    } catch (RuntimeException | Error e) {
      end.completeExceptionally(e);
    }
  }

  private synchronized void postpone(PathInfo info) {
    postponed.add(info);
  }

  /** Whether something waits for another try. */
  synchronized boolean hasPostponed() {
    return !postponed.isEmpty();
  }

  private PathEnd attempt(PathInfo info, boolean last) throws ExecutionException {
    try {
      if (terms.isUpstreams(info)) {
        return PathEnd.UPSTREAM;
      }
      if (!failures.letGoOn()) {
        return PathEnd.LEFT;
      }
      return door.isOpen() ? uploads.bring(info) : PathEnd.POSTPONED;
    } catch (PublishFailed e) {
      if (!last && failures.mayPass(e)) {
        return PathEnd.POSTPONED;
      }
      failures.met(e);
    } catch (InterruptedException | UncheckedIOException e) {
      requireEnded(e);
    }
    return PathEnd.LEFT;
  }

  private void requireEnded(Exception interrupt) {
    if (!failures.haveEnded()) {
      throw new IllegalStateException("nobody broke this off: " + cache.url(), interrupt);
    }
  }
}
