package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells a newcomer to type. */
final class LauncherIT {
  @Test
  void theDemoOfTheReadmeGoesAsPromised() throws IOException {
    assertThat(Files.readAllLines(Path.of("README.md"))).contains("    ./flakeferry demo");
    Finished demo = Command.of("./flakeferry", "demo").within(Duration.ofMinutes(20)).run();
    System.out.println(demo.output());
    assertThat(demo.exit()).as(demo.output()).isEqualTo(new Exit.Code(0));
    assertThat(demo.output())
        .contains("All as it should be")
        .contains("hello 1.0 → 1.1")
        .contains("outcome rolled-back", "outcome build-failed");
    assertThat(demo.output().lines()).hasSizeLessThan(80);
  }

  @Test
  void helpListsTheCommandsAndVersionNamesTheCommit() throws IOException {
    Finished help = Command.of("./flakeferry", "--help").run().orThrow();
    assertThat(help.output()).contains("run", "plan", "status", "rollback", "init", "demo");
    Finished version = Command.of("./flakeferry", "--version").run().orThrow();
    String commit = Command.of("git", "rev-parse", "HEAD").run().orThrow().output().strip();
    assertThat(version.output()).contains(commit);
  }

  @Test
  void aMisspeltCommandIsAUsageError() throws IOException {
    Finished wrong = Command.of("./flakeferry", "dpeloy").run();
    assertThat(wrong.exit()).isEqualTo(new Exit.Code(2));
    assertThat(wrong.lastErrorLines()).anyMatch(line -> line.contains("dpeloy"));
  }

  @Test
  void withoutAJavaItSaysInOneBreathWhatToInstall(@TempDir Path empty) throws IOException {
    for (String tool : List.of("dirname", "readlink", "sed")) {
      Path program = Path.of("/usr/bin", tool);
      Files.createSymbolicLink(empty.resolve(tool), program);
    }
    String finder =
        Files.readString(Path.of("src/build/find-java")).replace("/usr/lib/jvm/", empty + "/none/");
    Path copy = Files.writeString(empty.resolve("find-java"), finder);
    Finished none =
        Command.of("/bin/sh", copy.toString())
            .with("PATH", empty.toString())
            .with("HOME", empty.toString())
            .run();
    assertThat(none.exit()).isEqualTo(new Exit.Code(2));
    assertThat(none.lastErrorLines()).hasSize(1).first().asString().contains("JDK 25");
  }
}
