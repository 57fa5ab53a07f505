package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.model.terms.Terms;
import io.github.flakeferry.testbed.TestBoard;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A runner in a process of its own, which can be killed. */
final class KilledRunner {
  private KilledRunner() {}

  /**
   * Begins to switch a board to a generation of its own.
   *
   * @param terms whose deadlines and health commands count
   */
  static Process start(TestBoard board, int generation, Terms terms, File log) throws IOException {
    BoardAddress to = board.address();
    var words =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty(
                    "surefire.real.class.path", System.getProperty("java.class.path")),
                KilledRunner.class.getName(),
                to.host(),
                Integer.toString(to.port()),
                to.hostKeys().getFirst().toString(),
                board.keyFile().toString(),
                Integer.toString(generation),
                Long.toString(terms.confirm().toSeconds())));
    words.addAll(terms.health().commands());
    return new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log).start();
  }

  public static void main(String[] words) throws IOException {
    var address =
        new BoardAddress(
            words[0],
            Integer.parseInt(words[1]),
            "root",
            List.of(),
            List.of(HostKey.parse(words[2])));
    var key = new SshKey(new Secret(Files.readString(Path.of(words[3]))), Optional.empty());
    Deployment deployment =
        new Deployment(
            new BoardName("board-1"),
            address,
            BoardAction.SWITCH,
            new Wanted.Generation(OptionalInt.of(Integer.parseInt(words[4]))),
            InterruptionTableIT.terms(
                Integer.parseInt(words[5]), List.of(words).subList(6, words.length)),
            BoardFixture.RUN,
            Optional.of(BoardFixture.COMMIT),
            Optional.empty(),
            Guards.ANY_COMMIT);
    try (var boards = new Boards(key, SystemBuilder.contents(), new BoardFixture())) {
      System.out.println(boards.deploy(deployment));
    }
  }
}
