package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UserSettingsTest {
  private static final Command NIX = Command.of("nix");

  @Test
  void whatNixReadsInPlaceOfItsUsualFilesStaysSo() throws IOException {
    var files = Map.of("NIX_USER_CONF_FILES", "/a/nix.conf:/b/nix.conf");
    assertThat(new UserSettings(files).given(NIX).environment()).isEqualTo(files);

    var both = Map.of("NIX_CONFIG", "cores = 1", "NIX_USER_CONF_FILES", "/a/nix.conf");
    String given =
        String.valueOf(new UserSettings(both).given(NIX).environment().get("NIX_USER_CONF_FILES"));
    assertThat(given).endsWith(":/a/nix.conf");
    assertThat(Files.readString(Path.of(given.substring(0, given.indexOf(':')))))
        .isEqualTo("cores = 1\n");
  }

  @Test
  void whatSshNeedsIsGivenOnlyWhereItIsAskedFor() {
    var environment =
        Map.of("SSH_AUTH_SOCK", "/run/agent", "GIT_SSH_COMMAND", "ssh -p 1", "TOKEN", "secret");
    var user = new UserSettings(environment);
    assertThat(user.given(NIX).environment()).isEmpty();
    assertThat(user.withSsh(NIX).environment())
        .isEqualTo(Map.of("SSH_AUTH_SOCK", "/run/agent", "GIT_SSH_COMMAND", "ssh -p 1"));
  }
}
