package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.BoardView;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.fleet.BoardPolicy;

/** What a board said it runs. */
sealed interface Seen permits Seen.Answered, BoardDiff.Silent {
  BoardPolicy board();

  /** It answered. */
  record Answered(BoardPolicy board, BoardView view) implements Seen {}

  /** Asks a board. */
  static Seen of(Boards boards, BoardPolicy board) {
    try {
      return new Answered(board, boards.view(board.name(), board.address()));
    } catch (BoardFailure failure) {
      return new BoardDiff.Silent(board, failure);
    }
  }
}
