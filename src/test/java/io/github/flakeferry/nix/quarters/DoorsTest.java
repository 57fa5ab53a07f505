package io.github.flakeferry.nix.quarters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DoorsTest {
  private static final Path RUN = Path.of("/run");
  private static final Path NETRC = Path.of("/etc/nix/netrc");

  @Test
  void theFolderThatGitHubsMountsLieIn() {
    assertThat(
            Doors.doors(
                Map.of(
                    "GITHUB_WORKSPACE", "/github/workspace",
                    "HOME", "/github/home",
                    "RUNNER_TEMP", "/github/runner_temp",
                    "GITHUB_EVENT_PATH", "/github/workflow/event.json",
                    "GITHUB_ENV", "/github/file_commands/set_env_1")))
        .containsExactlyInAnyOrder(Path.of("/github"), RUN, NETRC);
  }

  @Test
  void inAFolderOfTheSystemOnlyWhatIsNamed() {
    assertThat(
            Doors.doors(
                Map.of(
                    "GITHUB_WORKSPACE", "/home/runner/work/boards",
                    "GITHUB_EVENT_PATH", "/var/run/act/workflow/event.json",
                    "HOME", "/root",
                    "RUNNER_TEMP", "/tmp",
                    "GITHUB_ENV", "/env")))
        .containsExactlyInAnyOrder(
            Path.of("/home/runner/work/boards"), Path.of("/var/run/act/workflow"), RUN, NETRC);
  }

  @Test
  void filesWithKeys() {
    assertThat(Doors.doors(Map.of("FLAKEFERRY_SSH_KEY_FILE", "/etc/keys/ssh", "OTHER_FILE", "/x")))
        .containsExactlyInAnyOrder(Path.of("/etc/keys/ssh"), RUN, NETRC);
  }
}
