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
import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Brings the logs of builds to a cache, beside the paths: no path waits for one or fails with one,
 * and what goes wrong is one warning. For any number of threads.
 */
public final class LogUploads {
  private static final int AT_ONCE = 4;

  private final BinaryCache cache;
  private final TemporaryFolder folder;
  private final Progress progress;
  private final Breaker breaker = new Breaker();
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int missing;
  private boolean ending;
  private boolean told;

  private LogUploads(BinaryCache cache, TemporaryFolder folder, Progress progress) {
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
    try {
      return new LogUploads(cache, TemporaryFolder.create("logs"), progress);
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
    if (!ending) {
      missing += derivations.size();
      derivations.forEach(derivation -> threads.execute(() -> bring(derivation, logs)));
    }
  }

  /**
   * Takes no more of them, and gives those that were offered so much time, and a second. Keeps an
   * interrupt of the calling thread for afterwards.
   */
  public void finish(Duration patience) {
    synchronized (this) {
      ending = true;
      threads.shutdown();
    }
    Ending.within(patience, threads);
    folder.close();
    synchronized (this) {
      if (missing > 0) {
        tell("%s lacks %s.".formatted(cache.url(), Words.count(missing, "build log")));
      }
    }
  }

  private void bring(StorePath derivation, LogSource logs) {
    try {
      places.acquire();
      try {
        if (breaker.reason().isEmpty()) {
          upload(derivation, logs);
          taken();
        }
      } finally {
        places.release();
      }
    } catch (PublishFailed failure) {
      breaker.failed(failure);
      tell(failure.told());
    } catch (InterruptedException | UncheckedIOException e) {
      // the run is being ended
    }
  }

  private synchronized void taken() {
    breaker.succeeded();
    missing--;
  }

  private void upload(StorePath derivation, LogSource logs) {
    Path workshop = cache.workshop(folder.path());
    Path file = Leftovers.partial(workshop.resolve(derivation.hash()));
    try {
      Files.createDirectories(workshop);
      try (var to = Files.newOutputStream(file)) {
        logs.writeLog(derivation, to);
      }
      cache.upload(fileName(derivation), file);
    } catch (InterruptedIOException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      throw PublishFailed.local(
          PublishFailed.Extent.PASSING,
          cache.url(),
          derivation.toString(),
          "read the log of " + derivation,
          e);
    } finally {
      file.toFile().delete();
    }
  }

  private synchronized void tell(String problem) {
    if (!told) {
      told = true;
      progress.warn("build logs are missing: " + problem);
    }
  }
}
