package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.terms.SmokeCommands;
import io.github.flakeferry.model.terms.Terms;
import java.time.Duration;
import java.util.List;

/**
 * Which event deploys to which boards, and how.
 *
 * @param name as the user calls it
 * @param boards at least one of the policy's boards matches
 * @param preview how pull requests share the boards; only for them
 * @param action what is done with a system; {@link BoardAction#TEST} for pull requests
 * @param smoke what is tried of a system before any board gets it
 * @param terms how a board is treated meanwhile
 * @param waves at least one, the last one is {@link Wave.Rest}
 * @param wavePause how long a wave is watched before the next one begins; zero: not at all
 * @param maxFailures how many boards may fail before no further wave is begun
 */
public record EnvironmentPolicy(
    String name,
    Trigger trigger,
    Selector boards,
    PreviewPolicy preview,
    BoardAction action,
    SmokeCommands smoke,
    Terms terms,
    List<Wave> waves,
    Duration wavePause,
    int maxFailures) {
  public EnvironmentPolicy {
    waves = List.copyOf(waves);
  }
}
