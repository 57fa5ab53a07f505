package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cli.terminal.PseudoTerminal;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What somebody sees who rolls a real board back from a terminal, and a program that does it. */
final class RollbackOnTerminalIT extends JobIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(ints = {40, 80})
  void theBoardHasALineThatLivesUntilItIsBack(int columns) throws Exception {
    StorePath first = deployTwice();
    var words = new ArrayList<>(List.of("/usr/bin/env", "-C", flakeFolder()));
    words.addAll(BuiltProgram.words("rollback", "main-job"));
    try (var terminal = PseudoTerminal.start(columns, 24, keys(), words)) {
      terminal.until(screen -> screen.lines().stream().anyMatch(l -> l.startsWith("main-job ")));
      assertThat(terminal.exitCode()).as(terminal.written()).isZero();

      List<String> seen = terminal.screen().lines();
      assertThat(seen)
          .anyMatch(line -> line.matches(" {4}main-job: deployed, [0-9.]+ s"))
          .anyMatch(line -> line.startsWith("BOARD"))
          .filteredOn(line -> line.startsWith("main-job "))
          .hasSize(1);
      assertThat(terminal.screen().text().replace("\n", "")).contains(first.hash());
      assertThat(terminal.screen().isCursorBelow()).isTrue();
    }
    assertThat(board.currentSystem()).isEqualTo(first);
  }

  @Test
  void aProgramIsToldEachStepAndTheResult() throws IOException {
    StorePath first = deployTwice();
    Finished back =
        Command.of(BuiltProgram.words("rollback", "main-job", "--json"))
            .in(rehearsal.flake().folder())
            .with("FLAKEFERRY_SSH_KEY_FILE", board.keyFile().toString())
            .run()
            .orThrow();
    List<JsonNode> lines = back.output().lines().map(JSON::readTree).toList();
    assertThat(back.lastErrorLines()).isEmpty();
    assertThat(lines)
        .filteredOn(line -> line.path("event").asString().equals("board-step"))
        .extracting(line -> line.path("step").asString())
        .containsSubsequence("connect", "facts", "activating", "waiting", "committed");
    assertThat(lines)
        .filteredOn(line -> line.path("event").asString().equals("board-ended"))
        .hasSize(1);
    JsonNode result = lines.getLast();
    assertThat(result.path("event").asString()).isEqualTo("results");
    assertThat(result.at("/boards/0/outcome").asString()).isEqualTo("deployed");
    assertThat(result.at("/boards/0/after").asString()).isEqualTo(first.toString());
  }

  private Map<String, String> keys() {
    return Map.of("FLAKEFERRY_SSH_KEY_FILE", board.keyFile().toString());
  }

  private String flakeFolder() {
    return rehearsal.flake().folder().toString();
  }

  /** The first of two systems, which the board had before the present one. */
  private StorePath deployTwice() throws IOException {
    deploy();
    StorePath first = board.currentSystem();
    rehearsal.flake().change(Variation.FIRST.message("Hello again"));
    deploy();
    return first;
  }

  private void deploy() throws IOException {
    GitRevision commit = rehearsal.push("Change it", MAIN);
    RehearsedRun run =
        RehearsedRun.of(
            BuiltProgram.words("run"),
            rehearsal.environment("push", rehearsal.pushPayload(commit, MAIN)));
    assertThat(run.exitCode()).as(run.logText()).isZero();
  }
}
