package io.github.flakeferry.board.delta;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.OldContents;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.process.SearchPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Packed pieces of a whole run: each is packed once, whoever asks for it, on as many processors as
 * there are, into a temporary file. For several threads.
 */
public final class Encodings implements AutoCloseable {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** What all zstd programs may need together, in MiB: what they pack, and what they compare. */
  private static final int MEMORY = 640;

  /** No piece may have more than this together with what it is compared with. */
  public static final long MOST = (long) MEMORY << 20;

  private final OldContents old;
  private final Encoder encoder;
  private final boolean compares;
  private final Map<Piece, Future<Encoded>> pieces = new HashMap<>();
  private final Map<StorePath, CompletableFuture<?>> fetched = new HashMap<>();
  private final ExecutorService workers = Executors.newFixedThreadPool(PROCESSORS, daemons());
  private final ExecutorService fetchers = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore memory = new Semaphore(MEMORY, true);
  private Optional<TemporaryFolder> folder = Optional.empty();

  /**
   * Nothing is packed yet.
   *
   * @param contents what boards lack
   * @param old what they have
   * @param header what comes before a NAR in a piece of several
   * @param programs where zstd is, if it is
   */
  public Encodings(
      ContentSource contents, OldContents old, PieceHeader header, SearchPath programs) {
    this.old = old;
    Optional<Path> program = programs.find("zstd");
    this.compares = program.isPresent();
    this.encoder = new Encoder(contents, old, header, program);
  }

  private static java.util.concurrent.ThreadFactory daemons() {
    return Thread.ofPlatform().name("packer-", 0).daemon().factory();
  }

  /** Whether this machine can make differences: it has zstd's program. */
  public boolean compares() {
    return compares;
  }

  /**
   * Begins to get old paths that pieces will be compared with. Returns at once.
   *
   * @return is done when they are there, as far as they are to be had
   */
  public synchronized CompletableFuture<?> prepare(Collection<StorePath> paths) {
    List<StorePath> fresh = paths.stream().filter(p -> !fetched.containsKey(p)).toList();
    if (!fresh.isEmpty()) {
      CompletableFuture<?> task = CompletableFuture.runAsync(() -> old.fetch(fresh), fetchers);
      fresh.forEach(path -> fetched.put(path, task));
    }
    return CompletableFuture.allOf(
        paths.stream()
            .flatMap(path -> fetching(path).stream())
            .distinct()
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Begins to pack these, the first ones first. Returns at once. */
  public void begin(List<Piece> all) {
    for (Piece piece : all) {
      var _ = of(piece);
    }
  }

  /**
   * A piece, packed: done, under way, or begun by this. What failed is tried again when it is asked
   * for again.
   */
  public synchronized Future<Encoded> of(Piece piece) {
    return pieces.computeIfAbsent(piece, p -> workers.submit(() -> encode(p)));
  }

  private Encoded encode(Piece piece) throws IOException, InterruptedException {
    try {
      awaitFetched(piece);
      int size = (int) Math.min(MEMORY, 1 + ((piece.narSize() + piece.referenceSize()) >> 20));
      memory.acquire(size);
      try {
        return encoder.encode(piece, Files.createTempDirectory(home(), "piece"));
      } finally {
        memory.release(size);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      forget(piece);
      throw e;
    }
  }

  private void awaitFetched(Piece piece) throws InterruptedException {
    for (OldPath path : piece.references()) {
      Optional<CompletableFuture<?>> task = fetching(path.path());
      if (task.isPresent()) {
        try {
          task.get().get();
        } catch (ExecutionException e) {
          // what could not be fetched can't be read either
        }
      }
    }
  }

  private synchronized Optional<CompletableFuture<?>> fetching(StorePath path) {
    return Optional.ofNullable(fetched.get(path));
  }

  private synchronized void forget(Piece piece) {
    pieces.remove(piece);
  }

  private synchronized Path home() throws IOException {
    if (folder.isEmpty()) {
      folder = Optional.of(TemporaryFolder.create("transfer"));
    }
    return folder.get().path();
  }

  /** Breaks off what is under way, and removes all files. */
  @Override
  public void close() {
    workers.shutdownNow();
    fetchers.shutdownNow();
    workers.close();
    fetchers.close();
    synchronized (this) {
      folder.ifPresent(TemporaryFolder::close);
    }
  }
}
