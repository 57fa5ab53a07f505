package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Selector;
import java.util.Optional;

/**
 * What the run's inputs leave of the policy. They can narrow it, never widen it.
 *
 * @param environment only the environment of this name
 * @param boards only boards that this selects
 */
public record Narrowing(Optional<String> environment, Optional<Selector> boards) {
  /** All that the policy says. */
  public static final Narrowing NONE = new Narrowing(Optional.empty(), Optional.empty());

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
            : boards.or(() -> more));
  }
}
