package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.source.WorkingCopy.Drift;
import java.util.Optional;

/** What is known of a board. */
public sealed interface BoardStatus {
  BoardPolicy board();

  /**
   * It answered.
   *
   * @param commit what it runs was built from; absent where nobody knows, as after a rollback
   * @param drift of that commit from its branch
   */
  record Answered(BoardPolicy board, BoardFacts facts, Optional<GitRevision> commit, Drift drift)
      implements BoardStatus {

    /** Whether it runs what it booted. */
    public boolean runsWhatItBooted() {
      return facts.current().isPresent() && facts.current().equals(facts.booted());
    }

    /** Whether it would run the same after a restart, as far as that is known. */
    public boolean keepsItAfterARestart() {
      return facts.current().isPresent()
          && facts.current().equals(facts.profile())
          && (facts.bootDefault().isEmpty() || facts.current().equals(facts.bootDefault()));
    }
  }

  /** It could not be asked. */
  record Silent(BoardPolicy board, BoardFailure failure) implements BoardStatus {}
}
