package io.github.flakeferry.support.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SearchPathTest {
  @TempDir private Path folder;
  private Path first;
  private Path second;

  @BeforeEach
  void begin() throws Exception {
    first = Files.createDirectory(folder.resolve("first"));
    second = Files.createDirectory(folder.resolve("second"));
  }

  private static Path program(Path file) throws Exception {
    return Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }

  private SearchPath both() {
    return SearchPath.parse(first + ":" + second);
  }

  @Test
  void theFirstIsFound() throws Exception {
    program(second.resolve("zstd"));
    assertThat(both().find("zstd")).contains(second.resolve("zstd"));
    program(first.resolve("zstd"));
    assertThat(both().find("zstd")).contains(first.resolve("zstd"));
  }

  @Test
  void aFolderAndWhatMayNotBeRunAreNoPrograms() throws Exception {
    Files.createDirectory(first.resolve("zstd"));
    assertThat(both().find("zstd")).isEmpty();
    Files.createFile(second.resolve("zstd"));
    assertThat(both().find("zstd")).isEmpty();
  }

  @Test
  void nothingIsFoundWhereWeHappenToBe() {
    assertThat(SearchPath.parse(":bin:" + first + ":.:").folders()).containsExactly(first);
    assertThat(SearchPath.parse("").folders()).isEmpty();
  }
}
