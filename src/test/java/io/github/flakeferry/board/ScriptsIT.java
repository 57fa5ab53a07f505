package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts are POSIX shell, for shells and for shellcheck. */
class ScriptsIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"path", "facts", "start", "follow", "acknowledge", "closure", "supervisor"})
  void aScriptIsCleanPosixShell(String name) throws IOException {
    Path script = folder.resolve(name + ".sh");
    Files.writeString(script, Scripts.read(name));
    for (List<String> words :
        List.of(
            List.of("shellcheck", "--shell=sh"),
            List.of("dash", "-n"),
            List.of("bash", "--posix", "-n"))) {
      var finished = Command.of(words).and(script.toString()).run();

      assertThat(finished.exit().succeeded())
          .as("%s: %s%s", words, finished.output(), finished.lastErrorLines())
          .isTrue();
    }
  }
}
