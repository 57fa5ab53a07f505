package io.github.flakeferry.cache;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Brings paths to a cache, many at once, each one's narinfo after those that it refers to. For any
 * number of threads, which never hold a place while they wait for another path: references have no
 * circles, so this can't lock up.
 */
final class Uploads {
  // uploading is waiting: more than there are processors; each has a temporary file
  private static final int LARGE_AT_ONCE = 32;
  private static final int SMALL_AT_ONCE = 192;

  /** Bytes of a NAR up to which its file counts for nothing. */
  private static final long SMALL = 1 << 20;

  private final BinaryCache cache;
  private final Packer packer;
  private final Presence presence;
  private final Breaker breaker;
  private final Tally tally;
  private final Map<StorePath, CompletableFuture<PathEnd>> ends;
  // how many requests there are at once is the window's to say: this is as wide as that gets, so
  // that the largest paths come to it first, and none once this is closed
  private final Line questions = new Line(Window.MOST);
  private final Line small = new Line(SMALL_AT_ONCE);
  private final Line large = new Line(LARGE_AT_ONCE);
  private final Line processors = new Line(Runtime.getRuntime().availableProcessors());

  /**
   * @param ends what becomes of each path that is offered; others are there already, or nowhere
   */
  Uploads(
      BinaryCache cache,
      Packer packer,
      Presence presence,
      Breaker breaker,
      Tally tally,
      Map<StorePath, CompletableFuture<PathEnd>> ends) {
    this.cache = cache;
    this.packer = packer;
    this.presence = presence;
    this.breaker = breaker;
    this.tally = tally;
    this.ends = ends;
  }

  /** Lets nothing more begin; what is being uploaded goes on. */
  void close() {
    questions.close();
    small.close();
    large.close();
    processors.close();
  }

  /**
   * Brings a path there and waits for all that it refers to. One that lacks a reference ends as
   * that did.
   *
   * @throws PublishFailed if the cache refuses or is out of reach, has a path with another content,
   *     or the path is damaged
   * @throws ExecutionException if a path that it refers to came to no end
   */
  PathEnd bring(PathInfo info) throws InterruptedException, ExecutionException {
    if (!questions.enter(info.narSize())) {
      return PathEnd.LEFT;
    }
    try {
      if (breaker.hasTripped()) {
        return PathEnd.POSTPONED; // many came here before that
      }
      if (presence.has(info)) {
        return PathEnd.PRESENT;
      }
    } finally {
      questions.leave();
    }
    tally.begun(info);
    Optional<NarInfo> written = Optional.empty();
    try {
      List<CompletableFuture<PathEnd>> references = references(info);
      Optional<PathEnd> missing = missing(references.stream().filter(Future::isDone).toList());
      if (missing.isPresent()) {
        return missing.get();
      }
      Optional<Packer.Packed> packed = upload(info);
      if (packed.isEmpty()) {
        return PathEnd.LEFT;
      }
      missing = missing(references);
      if (missing.isPresent()) {
        return missing.get();
      }
      NarInfo narInfo = packed.get().narInfo();
      if (!presence.write(narInfo, packed.get().listing())) {
        return PathEnd.PRESENT;
      }
      written = Optional.of(narInfo);
      breaker.succeeded();
      return PathEnd.UPLOADED;
    } finally {
      written.ifPresentOrElse(
          there -> tally.uploaded(info, there.fileSize()), () -> tally.brokenOff(info));
    }
  }

  private List<CompletableFuture<PathEnd>> references(PathInfo info) throws InterruptedException {
    var offered = new ArrayList<CompletableFuture<PathEnd>>();
    for (StorePath reference : info.references()) {
      if (!reference.equals(info.path())) {
        var end = ends.get(reference);
        if (end == null) {
          presence.expect(info, reference);
        } else {
          offered.add(end);
        }
      }
    }
    return offered;
  }

  /** The end of the first of them that is not there. */
  private static Optional<PathEnd> missing(List<CompletableFuture<PathEnd>> references)
      throws InterruptedException, ExecutionException {
    for (var reference : references) {
      if (!reference.get().isThere()) {
        return Optional.of(reference.get());
      }
    }
    return Optional.empty();
  }

  private Optional<Packer.Packed> upload(PathInfo info) throws InterruptedException {
    Line places = info.narSize() > SMALL ? large : small;
    if (!places.enter(info.narSize())) {
      return Optional.empty();
    }
    try {
      return pack(info).map(this::upload);
    } finally {
      places.leave();
    }
  }

  private Optional<Packer.Packed> pack(PathInfo info) throws InterruptedException {
    if (!processors.enter(info.narSize())) {
      return Optional.empty();
    }
    try {
      return breaker.reason().isPresent() ? Optional.empty() : Optional.of(packer.pack(info));
    } finally {
      processors.leave();
    }
  }

  private Packer.Packed upload(Packer.Packed packed) {
    try (packed) {
      NarInfo narInfo = packed.narInfo();
      if (!cache.has(narInfo.url(), narInfo.fileSize())) {
        cache.upload(narInfo.url(), packed.file());
      }
      return packed;
    }
  }
}
