package io.github.flakeferry.cache;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Uploads paths that a cache lacks, many at once, each one's narinfo after those it refers to. */
final class Uploads {
  private final BinaryCache cache;
  private final UnaryOperator<PathInfo> signature;
  private final Packer packer;
  private final Progress progress;
  private final List<PathInfo> missing;
  private final Map<StorePath, CompletableFuture<Boolean>> ends = new HashMap<>();
  // packing is work for the processor, uploading is waiting: twice as many as there are processors
  private final Semaphore uploads =
      new Semaphore(Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 16));
  private final Semaphore questions = new Semaphore(Publisher.QUESTIONS_AT_ONCE);
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicLong compressedBytes = new AtomicLong();

  /**
   * @param signature what is told of a path with the signatures that it is to have
   */
  Uploads(
      BinaryCache cache,
      UnaryOperator<PathInfo> signature,
      Packer packer,
      Progress progress,
      List<PathInfo> missing) {
    this.cache = cache;
    this.signature = signature;
    this.packer = packer;
    this.progress = progress;
    this.missing = missing;
    missing.forEach(info -> ends.put(info.path(), new CompletableFuture<>()));
  }

  /**
   * @throws PublishFailed the first failure; the others are given up
   */
  void run() {
    tell();
    Fanout.run(missing.stream().<Callable<Boolean>>map(info -> () -> publish(info)).toList());
  }

  long compressedBytes() {
    return compressedBytes.get();
  }

  private boolean publish(PathInfo info) throws Exception {
    NarInfo narInfo = upload(info);
    // no permit is held while we wait, and references have no circles: this can't lock up
    for (StorePath reference : info.references()) {
      if (ends.containsKey(reference) && !reference.equals(info.path())) {
        end(reference).get();
      }
    }
    questions.acquire();
    try {
      cache.write(NarInfo.fileName(info.path()), narInfo.with(signature.apply(info)).text());
    } finally {
      questions.release();
    }
    done.incrementAndGet();
    tell();
    return end(info.path()).complete(true);
  }

  private CompletableFuture<Boolean> end(StorePath path) {
    return Objects.requireNonNull(ends.get(path));
  }

  private NarInfo upload(PathInfo info) throws InterruptedException, IOException {
    uploads.acquire();
    try {
      Packer.Packed packed = packer.pack(info);
      try {
        NarInfo narInfo = packed.narInfo();
        if (!cache.has(narInfo.url())) {
          cache.upload(narInfo.url(), packed.file());
        }
        compressedBytes.addAndGet(narInfo.fileSize());
        return narInfo;
      } finally {
        Files.deleteIfExists(packed.file());
      }
    } finally {
      uploads.release();
    }
  }

  private void tell() {
    progress.report(
        new ProgressEvent.PublishAdvanced(
            cache.url(), done.get(), missing.size(), compressedBytes.get()));
  }
}
