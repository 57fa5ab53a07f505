package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cli.terminal.PseudoTerminal;
import io.github.flakeferry.cli.terminal.ScreenModel;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody sees who deploys the commit that is checked out to a real board. */
final class DeployOnTerminalIT extends JobIT {
  private static final int ROWS = 24;

  /** More than any file of the cache has but NARs. */
  private static final long NAR = 10_000;

  private static final Pattern LIVING = Pattern.compile("(build|publish) +\\d|main-job [a-z]+ ");

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 200})
  void buildPublicationAndBoardHaveLinesUntilTheyAreDone(int columns) throws Exception {
    Path go = holdBuild();
    rehearsal.cache().holdWritesAbove(NAR);
    holdHealth("60s");
    rehearsal.flake().commit("Say hello");
    try (var terminal = start(columns)) {
      last(terminal, "build   \\d+/\\d+  hello-1\\.0 .*");
      Files.createFile(go);
      last(terminal, "publish \\d+/\\d+  .*");
      rehearsal.cache().holdNothing();
      last(terminal, "main-job waiting .*");
      assertThat(terminal.screen().text()).contains("==> Deploy\n").doesNotContain("build   ");
      board.run("touch /run/go-on").orThrow();
      assertThat(terminal.exitCode()).as(terminal.written()).isZero();

      assertThatIsLeftClean(terminal.screen());
      assertThat(terminal.screen().lines())
          .containsSubsequence("==> Evaluate", "==> Build", "==> Publish", "==> Deploy")
          .anyMatch(line -> line.matches(" {4}main-job: deployed, [0-9.]+ s"))
          .anyMatch(line -> line.startsWith("BOARD"));
    }
    assertThat(hello()).isEqualTo(Variation.FIRST.message());
  }

  @Test
  void controlCLeavesTheTerminalCleanAndTheBoardOnWhatItHad() throws Exception {
    StorePath before = board.currentSystem();
    holdHealth("10s");
    rehearsal.flake().commit("Say hello");
    try (var terminal = start(80)) {
      last(terminal, "main-job waiting .*");
      assertThat(board.currentSystem()).isNotEqualTo(before);
      terminal.type("\u0003");
      assertThat(terminal.exitCode()).as(terminal.written()).isEqualTo(130);
      assertThatIsLeftClean(terminal.screen());
    }
    // nobody confirms it
    board
        .run(
            "timeout 60 sh -c 'until [ \"$(readlink /run/current-system)\" = %s ]; do sleep 0.1; done'"
                .formatted(before))
        .orThrow();
    assertThat(board.profileSystem()).isEqualTo(before);
  }

  @Test
  void controlCEndsABuild() throws Exception {
    holdBuild();
    rehearsal.flake().commit("Say hello");
    try (var terminal = start(80)) {
      last(terminal, "build   \\d+/\\d+  hello-1\\.0 .*");
      terminal.type("\u0003");
      assertThat(terminal.exitCode()).as(terminal.written()).isEqualTo(130);
      assertThatIsLeftClean(terminal.screen());
    }
  }

  /** Reads until the last line is such a one, not what did not fit in the one before. */
  private static void last(PseudoTerminal terminal, String expression) throws IOException {
    terminal.until(
        screen ->
            screen.isCursorBelow()
                && !screen.lines().isEmpty()
                && screen.lines().getLast().matches(expression));
  }

  private static void assertThatIsLeftClean(ScreenModel screen) {
    assertThat(screen.lines()).noneMatch(line -> LIVING.matcher(line).lookingAt());
    assertThat(screen.text()).doesNotContain("^C");
    assertThat(screen.isCursorBelow()).isTrue();
  }

  private PseudoTerminal start(int columns) throws IOException {
    var words =
        new ArrayList<>(List.of("/usr/bin/env", "-C", rehearsal.flake().folder().toString()));
    words.addAll(BuiltProgram.words("deploy", "production"));
    return PseudoTerminal.start(
        columns,
        ROWS,
        Map.of(
            "FLAKEFERRY_SSH_KEY_FILE", board.keyFile().toString(),
            "FLAKEFERRY_SIGNING_KEY_FILE", rehearsal.keyFile().toString(),
            "NIX_CONFIG", DemoFlake.NIX_CONFIG),
        words);
  }

  /** The program is not built before this file is there. */
  private Path holdBuild() throws IOException {
    Path go = rehearsal.folder().resolve("go-on");
    Path recipe = rehearsal.flake().folder().resolve("packages/hello/default.nix");
    Files.writeString(
        recipe,
        Files.readString(recipe)
            .replace(
                "  mkdir -p $out/bin\n",
                "  until [ -e %s ]; do sleep 0.1; done\n  mkdir -p $out/bin\n".formatted(go)));
    return go;
  }

  /** The board is not found healthy before somebody lets it. */
  private void holdHealth(String timeout) throws IOException {
    rehearsal.write(
        "flakeferry.yml",
        policy()
            .replaceFirst(
                "confirm-timeout: 10s",
                """
                confirm-timeout: %1$s
                    health:
                      command: until [ -e /run/go-on ]; do sleep 0.1; done
                      timeout: %1$s"""
                    .formatted(timeout)));
  }

  private String hello() throws IOException {
    return board.run("/run/current-system/sw/bin/hello").orThrow().output().strip();
  }
}
