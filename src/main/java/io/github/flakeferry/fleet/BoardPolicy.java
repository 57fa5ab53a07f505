package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A board of the fleet.
 *
 * @param configuration the attribute of the flake's {@code nixosConfigurations} that it runs
 * @param tags what selectors choose it by, besides its name
 */
public record BoardPolicy(
    BoardName name, String configuration, BoardAddress address, SortedSet<String> tags) {
  public BoardPolicy {
    tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
  }
}
