package io.github.flakeferry.cache;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.Mismatch;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.FileWords;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * Store paths in a folder that one machine hands to another: a cache as Nix reads it from a {@code
 * file://} URL, without signatures.
 */
public final class ExportedClosure {
  private final Path folder;

  /** Nothing is read or written yet. */
  public ExportedClosure(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /**
   * Writes a closure there.
   *
   * @param closure paths, in any order; all that they refer to is among them
   * @throws PublishFailed if the folder does not take it, or a path is damaged
   */
  public void write(List<PathInfo> closure, ContentSource contents, Progress progress) {
    try (var cache = new DirectoryCache(folder)) {
      CacheInfo.ensure(cache, false); // also where there is nothing else
      new Publisher(cache, PublishTerms.UNSIGNED, contents, progress).publish(closure);
    }
  }

  /**
   * Compares what is there with what should be, byte for byte.
   *
   * @param recorded each path that should be there, and nothing else
   * @param wanted those whose NARs are read, too; the others need only be there
   * @return everything that is amiss, sorted by what it is about
   */
  public List<Mismatch> compare(Collection<PathInfo> recorded, Set<StorePath> wanted) {
    List<Mismatch> all = Collections.synchronizedList(new ArrayList<>());
    Set<String> known = ConcurrentHashMap.newKeySet();
    known.add(CacheInfo.NAME);
    var processors = new Semaphore(Runtime.getRuntime().availableProcessors());
    var tasks = new ArrayList<Callable<Boolean>>();
    for (PathInfo info : recorded) {
      tasks.add(
          () -> {
            processors.acquire();
            try {
              var path = new ExportedPath(folder, info);
              all.addAll(path.compare(wanted.contains(info.path())));
              return known.addAll(path.files());
            } finally {
              processors.release();
            }
          });
    }
    Fanout.run(tasks);
    all.addAll(cacheInfo());
    all.addAll(unknown(known));
    return all.stream()
        .sorted(Comparator.comparing(Mismatch::where).thenComparing(Mismatch::expected))
        .toList();
  }

  private List<Mismatch> cacheInfo() {
    Path file = folder.resolve(CacheInfo.NAME);
    try {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) == CacheInfo.TEXT.length()
          && Files.readString(file).equals(CacheInfo.TEXT)) {
        return List.of();
      }
      return List.of(
          new Mismatch(
              CacheInfo.NAME,
              "what `flakeferry build` writes",
              Files.exists(file) ? "something else" : "no such file"));
    } catch (IOException e) {
      return List.of(new Mismatch(CacheInfo.NAME, "a readable file", FileWords.of(e)));
    }
  }

  private List<Mismatch> unknown(Set<String> known) {
    if (!Files.isDirectory(folder)) {
      return List.of(new Mismatch(folder.toString(), "a folder with the closure", "no folder"));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> folder.relativize(file).toString())
          .filter(name -> !known.contains(name))
          .map(name -> new Mismatch(Words.printableLine(name), "no such file", "a file"))
          .toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      return List.of(
          new Mismatch(folder.toString(), "a readable folder", String.valueOf(e.getMessage())));
    }
  }
}
