package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What belongs to one version says the same version; CONTRIBUTING.md says how it gets there. */
final class ReleaseTest {
  private final String version = found("pom.xml", "<version>([^<]+)</version>");

  @Test
  void theActionIsTheSourcesOnMainAndAnImageOfTheirVersionInARelease() {
    String image = new YAMLMapper().readTree(Path.of("action.yml")).at("/runs/image").asString();

    assertThat(version).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    assertThat(image)
        .isEqualTo(
            version.endsWith("-SNAPSHOT")
                ? "Dockerfile"
                : "docker://ghcr.io/flakeferry/flakeferry:" + version);
  }

  @Test
  void theImageIsLabelledWithItsVersionAndDatedAsTheJar() {
    assertThat(found("Dockerfile", "\nARG VERSION=(.+)\n")).isEqualTo(version);
    assertThat(found("Dockerfile", "\nARG SOURCE_DATE_EPOCH=(.+)\n"))
        .isEqualTo(
            "" + Instant.parse(found("pom.xml", "outputTimestamp>([^<]+)<")).getEpochSecond());
  }

  @Test
  void theChangelogBeginsWithWhatIsNotReleasedOrThisVersion() {
    assertThat(found("CHANGELOG.md", "\n## (\\S+)"))
        .isEqualTo(version.endsWith("-SNAPSHOT") ? "Unreleased" : version);
  }

  private static String found(String file, String pattern) {
    try {
      var matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
      assertThat(matcher.find()).as(file + " has " + pattern).isTrue();
      return matcher.group(1);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
