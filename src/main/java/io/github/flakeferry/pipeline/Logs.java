package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.RunLog;
import io.github.flakeferry.fleet.BoardPolicy;

/** {@code flakeferry logs}: what a board keeps of its deployments. */
public final class Logs {
  private final Fleet fleet;
  private final Boards boards;

  public Logs(Fleet fleet, Boards boards) {
    this.fleet = fleet;
    this.boards = boards;
  }

  /**
   * The log of one of a board's deployments.
   *
   * @param name of the board, exactly
   * @throws io.github.flakeferry.model.Failure if there is no such board or log, or the board can't
   *     be asked
   */
  public RunLog of(String name, RunLog.Wanted wanted) {
    BoardPolicy board = fleet.named(name);
    return boards.log(board.name(), board.address(), wanted);
  }
}
