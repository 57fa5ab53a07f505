package io.github.flakeferry.cache;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Finds what a cache has of a closure. */
final class Presence {
  private final BinaryCache cache;
  private final SigningKey key;
  private final Semaphore questions = new Semaphore(Publisher.QUESTIONS_AT_ONCE);

  Presence(BinaryCache cache, SigningKey key) {
    this.cache = cache;
    this.key = key;
  }

  /**
   * What it lacks, in the order of the closure. What it has without our signature gets it.
   *
   * @throws PublishFailed if it has something else under the same path, or neither it nor the
   *     closure has what a path refers to
   */
  List<PathInfo> missing(List<PathInfo> closure) {
    Map<StorePath, PathInfo> paths = new LinkedHashMap<>();
    closure.forEach(info -> paths.put(info.path(), info));
    Set<StorePath> absent = ConcurrentHashMap.newKeySet();
    var tasks = new ArrayList<Callable<Boolean>>();
    for (PathInfo info : paths.values()) {
      tasks.add(() -> bounded(() -> has(info) || absent.add(info.path())));
      for (StorePath reference : info.references()) {
        if (!paths.containsKey(reference)) {
          tasks.add(() -> bounded(() -> expectReference(info.path(), reference)));
        }
      }
    }
    Fanout.run(tasks);
    return paths.values().stream().filter(info -> absent.contains(info.path())).toList();
  }

  private boolean bounded(Callable<Boolean> question) throws Exception {
    questions.acquire();
    try {
      return question.call();
    } finally {
      questions.release();
    }
  }

  private boolean has(PathInfo ours) {
    String name = NarInfo.fileName(ours.path());
    Optional<String> text = cache.read(name);
    if (text.isEmpty()) {
      return false;
    }
    NarInfo theirs;
    try {
      theirs = NarInfo.parse(text.get());
    } catch (IllegalArgumentException e) {
      throw PublishFailed.of(
          cache.url(),
          name,
          "%s has something at %s that is no narinfo: %s"
              .formatted(cache.url(), name, e.getMessage()),
          "Delete it there, or give the URL of a Nix cache.");
    }
    if (!theirs.agreesWith(ours)) {
      throw PublishFailed.of(
          cache.url(),
          ours.path().toString(),
          "%s has %s with another content (NAR hash %s there, %s here)."
              .formatted(cache.url(), ours.path(), theirs.info().narHash(), ours.narHash()),
          "A build that gives another result each time was done twice. Fetch the one that is there"
              + " (add the cache to the runner's substituters), or delete it there.");
    }
    if (!key.publicKey().hasSigned(theirs.info())) {
      cache.write(name, theirs.with(theirs.info().signedBy(key)).text());
    }
    return true;
  }

  private boolean expectReference(StorePath path, StorePath reference) {
    if (cache.has(NarInfo.fileName(reference))) {
      return true;
    }
    throw PublishFailed.of(
        cache.url(),
        path.toString(),
        "%s refers to %s, which is neither published nor to be published."
            .formatted(path, reference),
        "Publish the whole closure.");
  }
}
