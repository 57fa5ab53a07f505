package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.StorePath;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/** Asks a board about itself. */
final class Facts {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Facts() {}

  /**
   * @throws BoardFailure if it answers what can't be understood
   * @throws IOException if the link is lost
   */
  static BoardFacts ask(Connection connection, BoardAddress address) throws IOException {
    var answer = connection.ask(new BoardScript.Call("facts"), PATIENCE);
    if (answer.status() != 0) {
      throw new BoardFailure(
          FailureCode.BOARD_STRANGE,
          "%s can't tell its facts (exit %d): %s"
              .formatted(address, answer.status(), Scripts.oneLine(answer.errors())),
          "");
    }
    try {
      return FactsReader.read(answer.output());
    } catch (BoardFailure strange) {
      throw strange.of(address);
    }
  }

  /**
   * A system and all it refers to, with sizes; empty if the board can't tell.
   *
   * @throws IOException if the link is lost
   */
  static Optional<Closure> closure(Connection connection, StorePath system) throws IOException {
    var answer = connection.run(new BoardScript.Call("closure", system.toString()), PATIENCE);
    var sizes = new TreeMap<StorePath, Long>();
    try {
      for (String line : answer.output().lines().toList()) {
        int space = line.indexOf(' ');
        sizes.put(
            StorePath.parse(line.substring(space + 1)),
            Long.parseUnsignedLong(line.substring(0, Math.max(0, space))));
      }
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return answer.status() == 0 && sizes.containsKey(system)
        ? Optional.of(new Closure(system, sizes))
        : Optional.empty();
  }
}
