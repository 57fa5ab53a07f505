package io.github.flakeferry.nix.quarters;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.process.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LodgerTest {
  private static final List<String> PASSWD =
      List.of(
          "root:x:0:0:root:/root:/bin/bash",
          "nixbld1:x:30001:30000:Nix builder 1:/var/empty:/usr/sbin/nologin",
          "nixbld2:x:30002:30000:Nix builder 2:/var/empty:/usr/sbin/nologin",
          "flakeferry-eval:x:30100:30101::/var/lib/flakeferry-eval:/usr/sbin/nologin",
          "runner:x:1001:1001::/home/runner:/bin/bash");
  private static final List<String> GROUP =
      List.of("root:x:0:", "nixbld:x:30000:nixbld1,nixbld2", "docker:x:999:runner");

  @Test
  void theUserThatEvaluatesAndThoseThatBuild() {
    assertThat(Lodger.find(PASSWD, GROUP))
        .contains(
            new Lodger(30100, 30101, Path.of("/var/lib/flakeferry-eval"), Set.of(30001, 30002)));
  }

  @Test
  void noneWhereThereIsNoSuchUser() {
    assertThat(Lodger.find(List.of(PASSWD.getFirst(), PASSWD.getLast()), GROUP)).isEmpty();
    assertThat(Lodger.find(List.of(), List.of())).isEmpty();
  }

  @Test
  void itsCommandsHaveTheirOwnVariablesAndNoneOfOurFolders() {
    var lodger = new Lodger(30100, 30101, Path.of("/home/it"), Set.of());
    var command = lodger.as(Command.of("nix", "eval").with("NIX_REMOTE", "daemon"));
    assertThat(command.words()).endsWith("nix", "eval").contains("--reuid=30100", "--regid=30101");
    assertThat(String.join(" ", command.words())).contains("-u XDG_CONFIG_HOME");
    assertThat(command.environment())
        .containsEntry("NIX_REMOTE", "daemon")
        .containsEntry("HOME", "/home/it");
  }
}
