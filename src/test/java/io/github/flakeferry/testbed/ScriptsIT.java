package io.github.flakeferry.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ScriptsIT {
  private static final Path RESOURCES = Path.of("src/main/resources");

  @Test
  void shellcheckFindsNothingInOurScripts() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/shellcheck")), "shellcheck is not installed");
    List<String> scripts;
    try (Stream<Path> files = Files.walk(RESOURCES)) {
      scripts = files.map(Path::toString).filter(f -> f.endsWith(".sh")).toList();
    }
    assertThat(scripts).hasSizeGreaterThan(5);
    Finished checked =
        Command.of("shellcheck", "--shell=sh", "--external-sources", "--source-path=SCRIPTDIR")
            // scripts that are joined before they run see each other's variables
            .and("--exclude=SC2034,SC2154")
            .and(scripts)
            .run();
    assertThat(checked.output()).isEmpty();
    assertThat(checked.exit()).hasToString("exited with 0");
  }
}
