package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A board of the fleet.
 *
 * @param configuration the attribute of the flake's {@code nixosConfigurations} that it runs
 * @param tags what selectors choose it by, besides its name
 */
public record BoardPolicy(
    BoardName name, String configuration, BoardAddress address, SortedSet<String> tags) {
  // quoted with care by the evaluation, so anything that an attribute's name may hold but controls
  private static final Pattern CONFIGURATION =
      Pattern.compile("(?!-)[^\\p{Cntrl}\\s\"$\\\\#]{1,200}");

  public BoardPolicy {
    tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
  }

  /** Whether a policy can name it as a configuration. */
  public static boolean isConfiguration(String text) {
    return CONFIGURATION.matcher(text).matches();
  }
}
