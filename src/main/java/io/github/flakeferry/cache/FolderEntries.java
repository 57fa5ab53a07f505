package io.github.flakeferry.cache;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The names of files in a folder, to be forced to the disk: once for all who want it at the same
 * time. For any number of threads.
 */
final class FolderEntries {
  /** Forces something to the disk. */
  interface Force {
    void run() throws IOException, InterruptedException;
  }

  private final Force force;
  private long begun;
  private long done;
  private boolean underWay;
  private Optional<IOException> failure = Optional.empty();

  static FolderEntries of(Path folder) {
    return new FolderEntries(
        () -> {
          try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
          }
        });
  }

  FolderEntries(Force force) {
    this.force = force;
  }

  /**
   * Returns when all that is in the folder now is on the disk.
   *
   * @throws IOException if it is not, or an earlier time failed: a system tells of that only once
   */
  void keep() throws IOException {
    if (begins()) {
      boolean forced = false;
      try {
        force.run();
        forced = true;
      } catch (ClosedByInterruptException e) {
        throw e; // of this thread alone: the next one does it
      } catch (InterruptedException e) {
        throw interrupted();
      } catch (IOException e) {
        fail(e);
        throw e;
      } finally {
        end(forced);
      }
    }
  }

  /** Waits for one that begins from now on, or becomes it. */
  private synchronized boolean begins() throws IOException {
    long wanted = begun + 1; // the one under way may have passed our entry by
    while (underWay && done < wanted && failure.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
    if (failure.isPresent()) {
      throw new IOException(failure.get().getMessage(), failure.get());
    }
    if (done >= wanted) {
      return false;
    }
    underWay = true;
    begun++;
    return true;
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted before it was on the disk");
  }

  private synchronized void fail(IOException e) {
    failure = Optional.of(e);
  }

  private synchronized void end(boolean forced) {
    underWay = false;
    done = forced ? begun : done;
    notifyAll();
  }
}
