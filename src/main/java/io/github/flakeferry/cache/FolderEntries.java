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
  /** Opens the folder; it may fail at one time and not at the next. */
  interface Folder {
    Opened open() throws IOException;
  }

  /** The folder, as long as it is open. */
  interface Opened extends AutoCloseable {
    /** Has it on the disk. */
    void force() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
  }

  private record Channel(FileChannel entries) implements Opened {
    @Override
    public void force() throws IOException {
      entries.force(true);
    }

    @Override
    public void close() throws IOException {
      entries.close();
    }
  }

  private final Folder folder;
  private long begun;
  private long done;
  private boolean underWay;
  private Optional<IOException> failure = Optional.empty();

  static FolderEntries of(Path folder) {
    return new FolderEntries(() -> new Channel(FileChannel.open(folder, StandardOpenOption.READ)));
  }

  FolderEntries(Folder folder) {
    this.folder = folder;
  }

  /**
   * Returns when all that is in the folder now is on the disk.
   *
   * @throws IOException if it is not, or was not forced at an earlier time: a system tells of that
   *     only once. A folder that can't be opened is this call's trouble alone
   */
  void keep() throws IOException {
    if (begins()) {
      boolean forced = false;
      try (Opened opened = folder.open()) {
        force(opened);
        forced = true;
      } finally {
        end(forced);
      }
    }
  }

  private void force(Opened opened) throws IOException {
    try {
      opened.force();
    } catch (ClosedByInterruptException e) {
      throw e; // of this thread alone: the next one does it
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (IOException e) {
      fail(e);
      throw e;
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
