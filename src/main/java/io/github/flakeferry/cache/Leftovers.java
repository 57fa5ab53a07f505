package io.github.flakeferry.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Files of a {@link DirectoryCache} that are not at their places yet, and stay where whoever wrote
 * them was killed.
 */
final class Leftovers {
  /** Longer than anybody writes at a file without adding to it. */
  static final Duration AGE = Duration.ofHours(1);

  private static final Pattern NAME =
      Pattern.compile("\\..+\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final Set<Path> cleared = ConcurrentHashMap.newKeySet();

  /** A name beside a place for a file that is to come there: no other writer or reader has it. */
  static Path partial(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
  }

  /** Removes those in a folder that are old, the first time that it is asked to. */
  void clear(Path folder) throws IOException {
    if (!cleared.add(folder)) {
      return;
    }
    long old = Instant.now().minus(AGE).toEpochMilli();
    try (var files =
        Files.newDirectoryStream(
            folder, file -> NAME.matcher(file.getFileName().toString()).matches())) {
      for (Path file : files) {
        if (file.toFile().lastModified() < old) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
