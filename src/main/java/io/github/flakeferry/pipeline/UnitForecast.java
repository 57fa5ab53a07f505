package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.model.UnitChanges;

/** What is known of what an activation would do to a board's units. */
public sealed interface UnitForecast {
  /** The board told it. */
  record Known(UnitChanges units) implements UnitForecast {}

  /**
   * It was not asked, or can't know.
   *
   * @param why a sentence without its full stop
   */
  record Unknown(String why) implements UnitForecast {}

  /** It did not tell, or did not take the system. */
  record Failed(BoardFailure failure) implements UnitForecast {}
}
