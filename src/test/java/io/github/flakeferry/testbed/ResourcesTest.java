package io.github.flakeferry.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ResourcesTest {
  @Test
  void everyFileBesideTheClassesIsListed() throws IOException {
    Path folder = Path.of("src/main/resources/io/github/flakeferry/testbed");
    List<String> listed =
        Stream.of(Resources.ROOT, Resources.MACHINE, Resources.NIXOS, Resources.FLAKE)
            .flatMap(List::stream)
            .toList();
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString()))
          .containsExactlyInAnyOrderElementsOf(listed);
    }
  }

  @Test
  void aVersionChangesWithTheFiles() {
    assertThat(Resources.version(Resources.NIXOS))
        .hasSize(12)
        .isNotEqualTo(Resources.version(Resources.ROOT));
  }
}
