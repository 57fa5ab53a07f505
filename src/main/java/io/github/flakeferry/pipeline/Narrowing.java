package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.model.BoardAction;
import java.util.Optional;

/**
 * What the run's inputs leave of the policy. They can narrow it, never widen it.
 *
 * @param environment only the environment of this name
 * @param boards only boards that this selects
 * @param action in place of what the policy says; only something milder
 */
public record Narrowing(
    Optional<String> environment, Optional<Selector> boards, Optional<BoardAction> action) {
  /** All that the policy says. */
  public static final Narrowing NONE = new Narrowing(Optional.empty(), Optional.empty());

  /** The policy's action on some boards. */
  public Narrowing(Optional<String> environment, Optional<Selector> boards) {
    this(environment, boards, Optional.empty());
  }

  boolean admits(EnvironmentPolicy candidate) {
    return environment.isEmpty() || environment.get().equals(candidate.name());
  }

  boolean admits(BoardPolicy candidate) {
    return boards.isEmpty() || boards.get().matches(candidate.name(), candidate.tags());
  }

  /** What both leave. */
  Narrowing and(Optional<Selector> more) {
    return new Narrowing(
        environment,
        boards.isPresent() && more.isPresent()
            ? Optional.of(new Selector.And(boards.get(), more.get()))
            : boards.or(() -> more),
        action);
  }

  /**
   * What is done on an environment's boards.
   *
   * @throws Refused if the policy says something milder
   */
  BoardAction action(EnvironmentPolicy environment) {
    return action.map(a -> milder(environment, a)).orElse(environment.action());
  }

  /**
   * The action that somebody wants in place of the policy's.
   *
   * @throws Refused unless it touches less of a board, or is the same
   */
  static BoardAction milder(EnvironmentPolicy environment, BoardAction wanted) {
    BoardAction own = environment.action();
    if (wanted == own || wanted == BoardAction.DRY_ACTIVATE || own == BoardAction.SWITCH) {
      return wanted;
    }
    throw Refused.badWish(
        "action",
        "the policy of %s says %s, and %s is more than that"
            .formatted(environment.name(), own.label(), wanted.label()));
  }

  /**
   * Sees to it that a preview, which is one action, is not asked to be another.
   *
   * @throws Refused if it is
   */
  void admitPreview(EnvironmentPolicy environment) {
    if (action(environment) != environment.action()) {
      throw Refused.badWish(
          "action",
          "%s is for pull requests, whose systems are tried by %s and in no other way"
              .formatted(environment.name(), environment.action().label()));
    }
  }
}
