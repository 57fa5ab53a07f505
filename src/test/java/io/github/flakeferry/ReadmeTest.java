package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.FailureReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README says what is so. */
final class ReadmeTest {
  @Test
  void itsPolicyIsOne() throws IOException {
    Matcher block =
        Pattern.compile("(?s)```yaml\n(caches:.*?)```")
            .matcher(Files.readString(Path.of("README.md")));
    assertThat(block.find()).isTrue();
    var policy = PolicyReader.read("README.md", block.group(1));
    assertThat(policy.boards()).hasSize(1);
    assertThat(policy.boardsOf(policy.environments().getFirst())).hasSize(1);
  }

  @Test
  void itListsEveryExitCode() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    for (FailureReason reason : FailureReason.values()) {
      assertThat(readme).contains("| %d | `%s` |".formatted(reason.exitCode(), reason.label()));
    }
  }

  @Test
  void itLinksToFilesThatAreThere() throws IOException {
    Matcher links =
        Pattern.compile("\\]\\(([^):]+)\\)").matcher(Files.readString(Path.of("README.md")));
    int found = 0;
    while (links.find()) {
      assertThat(Path.of(links.group(1))).exists();
      found++;
    }
    assertThat(found).isPositive();
  }
}
