package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeftoversTest {
  @TempDir private Path folder;

  private Path file(Path file, long seconds) throws IOException {
    Files.createDirectories(file.getParent());
    Instant time = Instant.now().minus(Leftovers.AGE).minusSeconds(seconds);
    return Files.setLastModifiedTime(Files.createFile(file), FileTime.from(time));
  }

  @Test
  void whatAKilledPublisherLeftGoesWithTheNextFileInThatFolder() throws IOException {
    Path nars = folder.resolve("nar");
    Path old = file(Leftovers.partial(nars.resolve("old.nar.zst")), 1);
    Path elsewhere = file(Leftovers.partial(folder.resolve("old.narinfo")), 1);
    Path beingWritten = file(Leftovers.partial(nars.resolve("new.nar.zst")), -600);
    Path place = file(nars.resolve("other.nar.zst"), 1);
    Path hidden = file(nars.resolve(".hidden"), 1);
    try (var cache = new DirectoryCache(folder)) {
      cache.write("nar/next.nar.zst", "next");
      assertThat(nars)
          .isDirectoryContaining(beingWritten::equals)
          .isDirectoryContaining(place::equals)
          .isDirectoryContaining(hidden::equals);
      assertThat(old).doesNotExist();
      assertThat(elsewhere).exists();
      cache.write("nix-cache-info", CacheInfo.TEXT);
      assertThat(elsewhere).doesNotExist();
    }
  }
}
