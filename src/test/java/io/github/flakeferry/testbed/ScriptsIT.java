package io.github.flakeferry.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every script of the project is POSIX shell, for shells and for shellcheck. */
final class ScriptsIT {
  @BeforeAll
  static void prepare() throws IOException {
    Requirements.ofThisMachine(Progress.SILENT).demand(EnumSet.of(Tool.SHELLCHECK, Tool.DASH));
  }

  @Test
  void shellcheckFindsNothing() throws IOException {
    check(
        Tool.SHELLCHECK.command(
            "--shell=sh",
            "--external-sources",
            "--source-path=SCRIPTDIR",
            // scripts that are joined before they run see each other's variables
            "--exclude=SC2034,SC2154"),
        scripts());
  }

  @Test
  void dashAndBashCanReadThem() throws IOException {
    for (String script : scripts()) {
      check(Tool.DASH.command("-n"), List.of(script));
      check(Command.of("bash", "--posix", "-n"), List.of(script));
    }
  }

  private static void check(Command program, List<String> scripts) throws IOException {
    Finished checked = program.and(scripts).run();
    assertThat(checked.exit())
        .as(checked.output() + String.join("\n", checked.lastErrorLines()))
        .hasToString("exited with 0");
  }

  private static List<String> scripts() throws IOException {
    var all = new ArrayList<>(List.of("flakeferry", "src/build/find-java", "src/build/format"));
    try (Stream<Path> files = Files.walk(Path.of("src/main/resources"))) {
      files.map(Path::toString).filter(f -> f.endsWith(".sh")).forEach(all::add);
    }
    assertThat(all).hasSizeGreaterThan(10);
    return all;
  }
}
