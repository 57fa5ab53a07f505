package io.github.flakeferry.nix;

import io.github.flakeferry.support.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Folders for links that keep paths from the collector. Usually they lie with this machine's other
 * temporary files. Where the store is another's as well, whose collector does not see our files and
 * would take the links for dead ones, they lie among the store's own roots.
 */
final class Roots {
  static final Path OF_THE_STORE = Path.of("/nix/var/nix/gcroots");

  private static final String PREFIX = "flakeferry-";

  /** No run takes that long. */
  private static final Duration OLD = Duration.ofDays(36);

  private Roots() {}

  /**
   * Makes one.
   *
   * @param shared whether the store is
   * @param own the folder of the store's own roots
   */
  static TemporaryFolder folder(String purpose, boolean shared, Path own) throws IOException {
    if (!shared || !Files.isWritable(own)) {
      return TemporaryFolder.create(purpose);
    }
    forgetOld(own);
    return new TemporaryFolder(Files.createTempDirectory(own, PREFIX + purpose + "-"));
  }

  /** What a run left that was killed would keep its systems for ever. */
  private static void forgetOld(Path own) throws IOException {
    try (var there = Files.newDirectoryStream(own, PREFIX + "*")) {
      for (Path folder : there) {
        if (Files.getLastModifiedTime(folder).toInstant().isBefore(Instant.now().minus(OLD))) {
          new TemporaryFolder(folder).close();
        }
      }
    } catch (NoSuchFileException e) {
      // another run has just removed its own
    }
  }
}
