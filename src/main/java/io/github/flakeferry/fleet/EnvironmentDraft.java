package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.terms.SmokeCommands;
import io.github.flakeferry.model.terms.Terms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An environment as far as it could be read.
 *
 * @param place of its name
 * @param selectorPlace where {@code boards:} has its value
 */
record EnvironmentDraft(
    Place place,
    String name,
    Optional<Trigger> trigger,
    Optional<Selector> selector,
    Place selectorPlace,
    PreviewPolicy preview,
    BoardAction action,
    SmokeCommands smoke,
    Terms terms,
    List<WaveReader.Placed> waves,
    Duration wavePause,
    int maxFailures) {
  boolean isPreview() {
    return trigger.isPresent() && trigger.get().matchesPullRequest();
  }

  boolean chooses(BoardDraft board) {
    return selector.isPresent() && selector.get().matches(board.name(), board.tags());
  }

  /** Absent where something that it needs is missing or wrong. */
  Optional<EnvironmentPolicy> policy() {
    List<Wave> order =
        waves.isEmpty()
            ? List.of(new Wave.Rest())
            : waves.stream().map(WaveReader.Placed::wave).toList();
    return trigger.flatMap(
        on ->
            selector.map(
                boards ->
                    new EnvironmentPolicy(
                        name,
                        on,
                        boards,
                        preview,
                        action,
                        smoke,
                        terms,
                        order,
                        wavePause,
                        maxFailures)));
  }
}
