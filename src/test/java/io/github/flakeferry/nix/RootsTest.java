package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RootsTest {
  @TempDir private Path ofTheStore;

  @Test
  void ofASharedStoreTheyAreWhereItsCollectorSeesThem() throws IOException {
    try (var folder = Roots.folder("test", true, ofTheStore)) {
      assertThat(folder.path()).hasParent(ofTheStore);
    }
    assertThat(ofTheStore).isEmptyDirectory();
  }

  @Test
  void whatAKilledRunLeftGoesInTheEnd() throws IOException {
    Path old = Files.createDirectory(ofTheStore.resolve("flakeferry-test-1"));
    Path young = Files.createDirectory(ofTheStore.resolve("flakeferry-test-2"));
    Path others = Files.createDirectory(ofTheStore.resolve("profiles"));
    for (Path folder : List.of(old, others)) {
      Files.setLastModifiedTime(folder, FileTime.from(Instant.EPOCH));
    }

    Roots.folder("test", true, ofTheStore).close();

    assertThat(old).doesNotExist();
    assertThat(young).isDirectory();
    assertThat(others).isDirectory();
  }

  @Test
  void elsewhereTheyAreWithTheOtherTemporaryFiles() throws IOException {
    Path absent = ofTheStore.resolve("absent");
    try (var own = Roots.folder("test", false, ofTheStore);
        var unwritable = Roots.folder("test", true, absent)) {
      assertThat(own.path()).isDirectory();
      assertThat(unwritable.path()).isDirectory();
      assertThat(ofTheStore).isEmptyDirectory();
    }
  }
}
