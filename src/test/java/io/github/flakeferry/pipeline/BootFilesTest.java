package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.Wanted.BootFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BootFilesTest {
  @TempDir Path temp;

  @Test
  void aSystemsLinksAreFollowedToTheFilesOfTheStoreAndMeasured() throws IOException {
    Path store = Files.createDirectories(temp.resolve("store"));
    Path kernel = Files.createDirectories(store.resolve("linux-6.12"));
    Files.writeString(kernel.resolve("Image"), "12345");
    Files.createDirectories(kernel.resolve("dtbs/sifive"));
    Files.writeString(kernel.resolve("dtbs/sifive/unmatched.dtb"), "123");
    Files.writeString(kernel.resolve("dtbs/other.dtb"), "1");
    Path secret = Files.writeString(temp.resolve("elsewhere"), "not ours");
    Path system = Files.createDirectories(store.resolve("system"));
    Files.createSymbolicLink(system.resolve("kernel"), kernel.resolve("Image"));
    Files.createSymbolicLink(system.resolve("dtbs"), kernel.resolve("dtbs"));
    Files.createSymbolicLink(system.resolve("initrd"), secret);

    assertThat(BootFiles.of(system, store))
        .containsExactly(
            new BootFile(kernel.resolve("Image").toString(), 5),
            new BootFile(kernel.resolve("dtbs").toString(), 4));
  }

  @Test
  void aSystemWithoutAKernelHasNone() {
    assertThat(BootFiles.of(temp.resolve("system"), temp)).isEmpty();
  }
}
