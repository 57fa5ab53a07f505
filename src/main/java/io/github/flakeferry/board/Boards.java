package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.support.progress.Progress;
import java.time.Duration;
import java.util.Optional;

/** All that is done to boards. May be used by several threads, one board each. */
public final class Boards implements AutoCloseable {

  /**
   * @param key logs in on all boards and jump hosts
   * @param contents where the NARs of what a board lacks come from
   */
  public Boards(SshKey key, ContentSource contents, Progress progress) {}

  /**
   * Brings a board to a system, or leaves it as it was. Blocks until the board has decided or can't
   * be reached any more.
   *
   * @return what became of it, whatever the board does: nothing is thrown for that
   */
  public BoardResult deploy(Deployment deployment) {
    return new BoardResult(
        deployment.board(),
        deployment.action(),
        Outcome.FAILED,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        0,
        "not built yet");
  }

  /**
   * Asks a board about itself and changes nothing.
   *
   * @throws BoardFailure if it can't be reached, is another one than was pinned, or answers what
   *     can't be understood
   */
  public BoardFacts facts(BoardName board, BoardAddress address) {
    return Optional.<BoardFacts>empty()
        .orElseThrow(() -> new BoardFailure(Outcome.FAILED, board + ": not built yet", ""));
  }

  @Override
  public void close() {}
}
