package io.github.flakeferry.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TemporaryFolderTest {
  @Test
  void itIsWhereTmpdirSays() {
    Path javas = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    assertThat(TemporaryFolder.place(Map.of("TMPDIR", "/var/large")))
        .isEqualTo(Path.of("/var/large"));
    assertThat(TemporaryFolder.place(Map.of("TMPDIR", "here"))).isAbsolute();
    assertThat(TemporaryFolder.place(Map.of("TMPDIR", ""))).isEqualTo(javas);
    assertThat(TemporaryFolder.place(Map.of())).isEqualTo(javas);
  }

  @Test
  void itIsGoneWithAllThatIsInIt() throws IOException {
    var folder = TemporaryFolder.create("test");
    Files.writeString(Files.createDirectory(folder.path().resolve("a")).resolve("b"), "c");
    assertThat(folder.path().getParent()).isEqualTo(TemporaryFolder.place(System.getenv()));
    folder.close();
    assertThat(folder.path()).doesNotExist();
  }
}
