package io.github.flakeferry.cache;

import io.github.flakeferry.model.LogSource;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Brings the logs of builds to a cache, beside the paths: no path waits for one or fails with one,
 * and what goes wrong is one warning. One that fails for a reason that may pass is tried once more
 * in the end. For any number of threads.
 */
public final class LogUploads {
  private static final int AT_ONCE = 4;

  /** How often a cache is asked at once whether it has one: there may be thousands. */
  private static final int ASKED_AT_ONCE = 32;

  /**
   * A log that a cache is to have.
   *
   * @param earlier whether it is of an earlier build: then the cache may have it, and there may be
   *     none any more
   */
  private record Wanted(StorePath derivation, LogSource logs, boolean earlier) {}

  private final BinaryCache cache;
  private final TemporaryFolder folder;
  private final Progress progress;
  private final Breaker breaker;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Semaphore questions = new Semaphore(ASKED_AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<StorePath> offered = new HashSet<>();
  private final Queue<Wanted> again = new ArrayDeque<>();
  private int uploaded;
  private int missing;
  private boolean ending;
  private boolean told;

  private LogUploads(
      BinaryCache cache, TemporaryFolder folder, Progress progress, Breaker breaker) {
    this.breaker = breaker;
    this.cache = cache;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Begins; nothing is asked of the cache before something is offered.
   *
   * @param cache stays open
   * @throws PublishFailed if there is no room for temporary files
   */
  public static LogUploads open(BinaryCache cache, Progress progress) {
    return open(cache, progress, Breaker.usual());
  }

  static LogUploads open(BinaryCache cache, Progress progress, Breaker breaker) {
    try {
      return new LogUploads(cache, TemporaryFolder.create("logs"), progress, breaker);
    } catch (IOException e) {
      throw PublishFailed.local(
          PublishFailed.Extent.CACHE, cache.url(), "", "make a temporary folder", e);
    }
  }

  /** The file's name in a cache (Nix: libstore/binary-cache-store.cc, {@code addBuildLog}). */
  static String fileName(StorePath derivation) {
    return "log/" + derivation.baseName();
  }

  /** Has the logs of these derivations put there, in place of older ones, and returns at once. */
  public synchronized void offer(Collection<StorePath> derivations, LogSource logs) {
    offered.addAll(derivations);
    derivations.forEach(derivation -> begin(new Wanted(derivation, logs, false)));
  }

  /**
   * Has the logs of what these derivations made before put there, as far as the cache lacks them
   * and there still are any, and returns at once.
   */
  public synchronized void offerEarlier(Collection<StorePath> derivations, LogSource logs) {
    derivations.stream()
        .filter(offered::add)
        .forEach(derivation -> begin(new Wanted(derivation, logs, true)));
  }

  private void begin(Wanted log) {
    if (!ending) {
      missing++;
      threads.execute(() -> bring(log, false));
    }
  }

  /**
   * Takes no more of them, and gives those that were offered so much time, and two seconds. Keeps
   * an interrupt of the calling thread for afterwards.
   */
  public void finish(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (this) {
      ending = true;
      threads.shutdown();
    }
    Ending.within(patience, threads);
    Duration left = Duration.ofNanos(end - System.nanoTime());
    if (left.isPositive() && !Thread.currentThread().isInterrupted()) {
      bringAgain(left);
    }
    folder.close();
    tellWhatBecameOfThem();
  }

  private void bringAgain(Duration patience) {
    List<Wanted> failed;
    synchronized (this) {
      failed = List.copyOf(again);
      again.clear();
      breaker.beginLastRound();
    }
    ExecutorService lastThreads = Executors.newVirtualThreadPerTaskExecutor();
    failed.forEach(log -> lastThreads.execute(() -> bring(log, true)));
    lastThreads.shutdown();
    Ending.within(patience, lastThreads);
  }

  private synchronized void tellWhatBecameOfThem() {
    if (uploaded > 0) {
      progress.note("%s: %s published".formatted(cache.url(), Words.count(uploaded, "build log")));
      uploaded = 0;
    }
    if (missing > 0) {
      tell("%s lacks up to %s.".formatted(cache.url(), Words.count(missing, "build log")));
    }
  }

  private void bring(Wanted log, boolean last) {
    try {
      if (log.earlier() && isThere(log)) {
        settled(false);
        return;
      }
      places.acquire();
      try {
        if (mayBegin(log)) {
          settled(upload(log));
        }
      } finally {
        places.release();
      }
    } catch (PublishFailed failure) {
      failed(log, failure, last);
    } catch (InterruptedException | UncheckedIOException e) {
      // the run is being ended
    }
  }

  private boolean isThere(Wanted log) throws InterruptedException {
    questions.acquire();
    try {
      return !breaker.hasTripped()
          && breaker.reason().isEmpty()
          && cache.has(fileName(log.derivation()));
    } finally {
      questions.release();
    }
  }

  /** Where the cache is in trouble, it may in the end. */
  private synchronized boolean mayBegin(Wanted log) {
    if (breaker.reason().isPresent()) {
      return false;
    }
    if (breaker.hasTripped()) {
      again.add(log);
      return false;
    }
    return true;
  }

  private synchronized void settled(boolean byUpload) {
    breaker.succeeded();
    missing--;
    uploaded += byUpload ? 1 : 0;
  }

  private synchronized void failed(Wanted log, PublishFailed failure, boolean last) {
    breaker.failed(failure);
    boolean passes = failure.extent() == PublishFailed.Extent.PASSING;
    if (passes && !last && breaker.reason().isEmpty()) {
      again.add(log);
    } else {
      tell(failure.told());
    }
  }

  /** Returns whether there was one to upload. */
  private boolean upload(Wanted log) {
    StorePath derivation = log.derivation();
    Path workshop = cache.workshop(folder.path());
    Path file = Leftovers.partial(workshop.resolve(derivation.hash()));
    try {
      Files.createDirectories(workshop);
      if (!write(log, file)) {
        return false;
      }
      cache.upload(fileName(derivation), file);
      return true;
    } catch (InterruptedIOException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      throw PublishFailed.temporary(
          PublishFailed.Extent.PASSING,
          cache.url(),
          derivation.toString(),
          "read the log of " + derivation,
          e);
    } finally {
      file.toFile().delete();
    }
  }

  private static boolean write(Wanted log, Path file) throws IOException {
    try (var to = Files.newOutputStream(file)) {
      if (log.logs().writeLog(log.derivation(), to)) {
        return true;
      }
    }
    if (!log.earlier()) {
      throw new IOException("there is none");
    }
    return false;
  }

  private synchronized void tell(String problem) {
    if (!told) {
      told = true;
      progress.warn("build logs are missing: " + problem);
    }
  }
}
