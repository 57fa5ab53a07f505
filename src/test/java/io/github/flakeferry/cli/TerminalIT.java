package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cli.terminal.PseudoTerminal;
import io.github.flakeferry.cli.terminal.ScreenModel;
import java.io.IOException;
import java.net.InetAddress;
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
import org.junit.jupiter.params.provider.ValueSource;

/** What a command that takes its time looks like on a real pseudo-terminal. */
final class TerminalIT {
  private static final int ROWS = 24;
  private static final String CTRL_C = "\u0003";

  @TempDir private Path folder;
  private Path loaded;
  private ServerSocket leash;

  @BeforeEach
  void listen() throws IOException {
    loaded = folder.resolve("loaded");
    leash = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() throws IOException {
    leash.close();
  }

  private PseudoTerminal scene(int columns, Map<String, String> environment, String... options)
      throws IOException {
    var words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + loaded,
                "-cp",
                System.getProperty("java.class.path"),
                SceneCommand.class.getName(),
                "--port",
                Integer.toString(leash.getLocalPort())));
    words.addAll(List.of(options));
    return PseudoTerminal.start(columns, ROWS, environment, words);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 200})
  void linesLiveAndAreGoneInTheEnd(int columns) throws Exception {
    try (var terminal = scene(columns, Map.of());
        var hold = leash.accept()) {
      ScreenModel midst =
          terminal.until(
              screen ->
                  screen.text().contains("unmatched-1 transfer  30.0 of 390.0 MiB")
                      && screen.text().contains("lab-2       connect")
                      && screen.isCursorBelow());
      assertThat(midst.text())
          .contains("<== Build: 2 min 41 s\n==> Deploy\n")
          .contains("    hello-2.12> cc -c hello.c\n    hello-2.12> ::error::by a builder\n");
      assertThat(midst.text().contains("45/310 paths")).isEqualTo(columns > 40);

      hold.getOutputStream().write(1);
      assertThat(terminal.exitCode()).isZero();
      ScreenModel end = terminal.screen();
      assertThat(end.lines()).last().isEqualTo("the result");
      assertThat(end.text())
          .contains("    unmatched-1: deployed, 1 min 4 s\n<== Deploy: 1 min 7 s\nthe result")
          .doesNotContain("unmatched-1 transfer", "lab-2       connect");
      assertThat(end.isCursorBelow()).isTrue();
      assertThat(end.coloured()).isPositive();
      assertThat(terminal.written()).doesNotContain("WARNING");
      assertThat(Files.readString(loaded)).contains("org.jline.utils.Display");
    }
  }

  @Test
  void controlCLeavesTheTerminalAsItWas() throws Exception {
    try (var terminal = scene(80, Map.of());
        var _ = leash.accept()) {
      terminal.until(screen -> screen.text().contains("unmatched-1 transfer  30.0 of 390.0 MiB"));
      terminal.type(CTRL_C);
      assertThat(terminal.exitCode()).isEqualTo(130);
      ScreenModel end = terminal.screen();
      assertThat(end.lines()).last().isEqualTo("warning: interrupted");
      assertThat(end.text()).doesNotContain("unmatched-1 transfer", "lab-2       connect", "^C");
      assertThat(end.isCursorBelow()).isTrue();
    }
  }

  @Test
  void withNoColorNothingIsColoured() throws Exception {
    try (var terminal = scene(80, Map.of("NO_COLOR", "1"));
        var hold = leash.accept()) {
      hold.getOutputStream().write(1);
      assertThat(terminal.exitCode()).isZero();
      assertThat(terminal.screen().coloured()).isZero();
      assertThat(terminal.screen().lines()).last().isEqualTo("the result");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM=dumb", "TERM=", "CI=true"})
  void elsewhereAllIsPlain(String setting) throws Exception {
    String[] variable = setting.split("=", 2);
    try (var terminal = scene(80, Map.of(variable[0], variable[1]));
        var hold = leash.accept()) {
      hold.getOutputStream().write(1);
      assertThat(terminal.exitCode()).isZero();
      assertThat(terminal.written()).doesNotContain("\u001b").contains("==> Deploy\r\n");
      assertThat(Files.readString(loaded)).contains("PlainProgress").doesNotContain("org.jline");
    }
  }

  @Test
  void quietSaysWarningsAndTheResult() throws Exception {
    try (var terminal = scene(80, Map.of(), "--quiet");
        var hold = leash.accept()) {
      hold.getOutputStream().write(1);
      assertThat(terminal.exitCode()).isZero();
      assertThat(terminal.screen().lines())
          .containsExactly("warning: lab-2: the link was lost", "the result");
    }
  }

  @Test
  void jsonIsALineAnEvent() throws Exception {
    try (var terminal = scene(80, Map.of(), "--json");
        var hold = leash.accept()) {
      hold.getOutputStream().write(1);
      assertThat(terminal.exitCode()).isZero();
      assertThat(terminal.written().lines())
          .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
          .hasSizeGreaterThan(20)
          .last()
          .isEqualTo("{}");
    }
  }

  @Test
  void oneMannerAtATime() throws Exception {
    try (var terminal = scene(80, Map.of(), "--json", "--quiet")) {
      assertThat(terminal.exitCode()).isEqualTo(2);
    }
  }
}
