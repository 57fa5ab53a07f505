package io.github.flakeferry.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AptSourcesTest {
  @TempDir private Path apt;

  private Optional<String> mirrorIn(String file, String text) throws IOException {
    Path path = apt.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    return AptSources.mirror(apt);
  }

  @Test
  void readsTheOneLineForm() throws IOException {
    assertThat(
            mirrorIn(
                "sources.list",
                """
                # deb http://commented.example/debian bookworm main
                deb http://security.example/debian-security bookworm-security main
                deb [arch=amd64 signed-by=/x.gpg] http://mirror.example/debian/ bookworm main contrib
                """))
        .contains("http://mirror.example/debian/");
  }

  @Test
  void readsDeb822WithCommentsAndContinuedFields() throws IOException {
    assertThat(
            mirrorIn(
                "sources.list.d/debian.sources",
                """
                Types: deb
                URIs: http://off.example/debian
                Suites: bookworm
                Components: main
                Enabled: no

                types: deb deb-src
                # another comment
                URIs:
                 http://mirror.example/debian
                Suites: bookworm bookworm-updates
                Components: main
                """))
        .contains("http://mirror.example/debian");
  }

  @Test
  void passesOverOtherPeoplesPackages() throws IOException {
    assertThat(
            mirrorIn(
                "sources.list.d/others.list",
                """
                deb https://packages.example/tools stable main
                deb https://packages.example/flat ./
                deb-src http://mirror.example/debian bookworm main
                """))
        .isEmpty();
  }

  @Test
  void findsNothingWhereThereIsNothing() throws IOException {
    assertThat(AptSources.mirror(apt)).isEmpty();
  }
}
