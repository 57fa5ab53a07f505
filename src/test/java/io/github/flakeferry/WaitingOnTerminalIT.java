package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cli.terminal.PseudoTerminal;
import io.github.flakeferry.cli.terminal.ScreenModel;
import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody sees on a terminal of commands that only look, while nobody answers them. */
final class WaitingOnTerminalIT {
  private static final int BOARDS = 20;
  private static final String CTRL_C = "\u0003";

  @TempDir private Path folder;
  private Path key;

  /** Takes connections, and says nothing on them. */
  private ServerSocket silence;

  @BeforeEach
  void begin() throws IOException {
    silence = new ServerSocket(0, BOARDS);
    key = folder.resolve("key");
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()).run().orThrow();
    String pinned = Files.readString(Path.of(key + ".pub")).split(" ", 3)[1];
    var policy = new StringBuilder("boards:\n");
    for (int i = 1; i <= BOARDS; i++) {
      policy.append(
          "  lab-%d: { host: 127.0.0.%d, port: %d, host-key: ssh-ed25519 %s, tags: [%s] }\n"
              .formatted(i, i, silence.getLocalPort(), pinned, i <= 2 ? "few" : "others"));
    }
    policy.append(
        "environments:\n  lab: { on: { push: main }, boards: \"lab-*\" }\nparallel: 20\n");
    Files.writeString(folder.resolve("flakeferry.yml"), policy);
    git("init", "-q");
    commitFlake("{ }");
  }

  private void commitFlake(String configurations) throws IOException {
    Files.writeString(
        folder.resolve("flake.nix"),
        "{ outputs = _: { nixosConfigurations = %s; }; }\n".formatted(configurations));
    git("add", "flakeferry.yml", "flake.nix");
    git("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "-m", "Change");
  }

  private void git(String... words) throws IOException {
    Command.of("git", "-C", folder.toString()).and(words).run().orThrow();
  }

  @AfterEach
  void end() throws IOException {
    silence.close();
  }

  private PseudoTerminal start(
      int columns, int rows, Map<String, String> environment, String... arguments)
      throws IOException {
    var words = new ArrayList<>(List.of("/usr/bin/env", "-C", folder.toString()));
    words.add("FLAKEFERRY_SSH_KEY_FILE=" + key);
    words.addAll(BuiltProgram.words(arguments));
    return PseudoTerminal.start(columns, rows, environment, words);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 200})
  void eachBoardThatIsAskedHasALineUntilItAnswers(int columns) throws Exception {
    try (var terminal = start(columns, 24, Map.of(), "status", "few")) {
      terminal.until(WaitingOnTerminalIT::asksTwo);
      silence.close();
      assertThat(terminal.exitCode()).as(terminal.written()).isEqualTo(8);
      assertThat(terminal.screen().text()).startsWith("BOARD").doesNotContain("asking");
      assertThat(terminal.screen().isCursorBelow()).isTrue();
    }
  }

  private static boolean asksTwo(ScreenModel screen) {
    return screen.text().matches("(?s)asking lab-[12]  \\d+ s\nasking lab-[12]  \\d+ s");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "status few | asking lab-1",
        "diff few | asking lab-1",
        "logs lab-1 | asking lab-1",
        "check | asking lab-1",
        "check | evaluating the flake",
        "systems | evaluating the flake's nixpkgs",
        "init root@127.0.1.1:PORT | evaluating the flake",
        "init root@127.0.1.1:PORT | asking root@127.0.1.1:PORT"
      })
  void controlCEndsItAndNothingIsLeftOfTheLines(String command, String line) throws Exception {
    String port = Integer.toString(silence.getLocalPort());
    String awaited = line.replace("PORT", port) + "  1 s";
    String[] words = command.replace("PORT", port).split(" ");
    if (line.startsWith("evaluating")) {
      commitFlake(
          "import (builtins.fetchurl { url = \"http://127.0.0.1:%s/x\"; sha256 = \"%s\"; })"
              .formatted(port, "0".repeat(52)));
    }
    try (var terminal = start(80, 60, Map.of(), words)) {
      terminal.until(screen -> screen.lines().contains(awaited));
      terminal.type(CTRL_C);
      assertThat(terminal.exitCode()).as(terminal.written()).isEqualTo(130);
      assertThat(terminal.screen().text()).doesNotContain("asking", "evaluating", "^C");
      assertThat(terminal.screen().isCursorBelow()).isTrue();
    }
  }

  @Test
  void aLowWindowShowsSomeAndCountsTheOthers() throws Exception {
    try (var terminal = start(40, 10, Map.of(), "status")) {
      ScreenModel midst = terminal.until(screen -> screen.text().endsWith("and 16 more"));
      assertThat(midst.lines()).hasSize(5);
      silence.close();
      terminal.exitCode();
      assertThat(terminal.screen().text()).startsWith("BOARD").doesNotContain("asking", " more");
    }
  }

  @Test
  void aWindowThatIsMadeLargerShowsMore() throws Exception {
    try (var terminal = start(40, 10, Map.of(), "status")) {
      terminal.until(screen -> screen.text().endsWith("and 16 more"));
      terminal.resize(60, 20);
      ScreenModel midst = terminal.until(screen -> screen.text().endsWith("and 11 more"));
      assertThat(midst.lines()).hasSize(10);
    }
  }

  @Test
  void elsewhereThereIsTheResultAlone() throws Exception {
    try (var terminal = start(80, 24, Map.of("CI", "true"), "status", "few", "--json")) {
      silence.close();
      assertThat(terminal.exitCode()).isEqualTo(8);
      assertThat(terminal.written().lines()).hasSize(1).first().asString().startsWith("{");
    }
  }
}
