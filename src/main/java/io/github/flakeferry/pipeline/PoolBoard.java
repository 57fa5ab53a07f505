package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.Lease;
import io.github.flakeferry.fleet.BoardPolicy;
import java.util.Optional;

/** A board that pull requests share, as it answered when it was asked whom it is lent to. */
sealed interface PoolBoard {
  BoardPolicy board();

  /**
   * It is nobody's: there is no lease, or one that is worth nothing any more.
   *
   * @param left that lease
   * @param mustBeTaken whether the board itself still holds by it: the policy or the forge do not
   */
  record Free(BoardPolicy board, Optional<Lease> left, boolean mustBeTaken) implements PoolBoard {}

  /** It is somebody's. */
  record Lent(BoardPolicy board, Lease lease) implements PoolBoard {}

  /** It could not be asked. */
  record Silent(BoardPolicy board, BoardFailure failure) implements PoolBoard {}

  /** The lease that is there, worth something or not. */
  default Optional<Lease> found() {
    return switch (this) {
      case Free free -> free.left();
      case Lent lent -> Optional.of(lent.lease());
      case Silent silent -> Optional.empty();
    };
  }

  /** Whether the lease that is there is this owner's. */
  default boolean isOf(String owner) {
    return found().filter(l -> l.owner().equals(owner)).isPresent();
  }

  /** Why it is not to be had, for people. */
  default String told() {
    return board().name()
        + switch (this) {
          case Free free -> " is free";
          case Lent lent -> " is lent to " + lent.lease().told();
          case Silent silent -> ": " + silent.failure().told();
        };
  }
}
