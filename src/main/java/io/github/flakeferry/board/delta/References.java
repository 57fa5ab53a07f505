package io.github.flakeferry.board.delta;

import static java.util.stream.Collectors.groupingBy;

import io.github.flakeferry.model.PathInfo;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Chooses what a new path is compared with: the old one of the same name; else of the same name but
 * for its version; else the one whose name has most words in common with it.
 */
public final class References {
  /** Below this a path costs less than what looking for something alike brings. */
  private static final long WORTH_LIKENESS = 16 << 10;

  /** How much of their words two names must share. */
  private static final double ALIKE = 0.5;

  private final List<Named> old;
  private final Map<String, List<Named>> byName;
  private final Map<List<String>, List<Named>> byKind;
  private final long most;

  private record Named(OldPath path, String name, List<String> kind, Set<String> words) {
    static Named of(OldPath path) {
      String name = path.path().name();
      return new Named(path, name, kindOf(name), new HashSet<>(kindOf(name)));
    }
  }

  /**
   * @param old what the board has
   * @param most bytes that a path and what it is compared with may have together
   */
  public References(List<OldPath> old, long most) {
    this.old = old.stream().map(Named::of).toList();
    this.byName = this.old.stream().collect(groupingBy(Named::name));
    this.byKind = this.old.stream().collect(groupingBy(Named::kind));
    this.most = most;
  }

  /** The best one that is not too large; empty where there is none. */
  public Optional<OldPath> of(PathInfo wanted) {
    String name = wanted.path().name();
    Predicate<Named> fits = o -> o.path().narSize() + wanted.narSize() <= most;
    Comparator<Named> nearest =
        Comparator.<Named>comparingLong(o -> -commonStart(o.name(), name))
            .thenComparingLong(o -> Math.abs(o.path().narSize() - wanted.narSize()))
            .thenComparing(o -> o.path().path());
    return Stream.of(
            byName.getOrDefault(name, List.of()), byKind.getOrDefault(kindOf(name), List.of()))
        .flatMap(candidates -> candidates.stream().filter(fits).min(nearest).stream())
        .findFirst()
        .or(() -> alike(wanted, fits, nearest))
        .map(Named::path);
  }

  private Optional<Named> alike(PathInfo wanted, Predicate<Named> fits, Comparator<Named> nearest) {
    if (wanted.narSize() < WORTH_LIKENESS) {
      return Optional.empty();
    }
    var words = new HashSet<>(kindOf(wanted.path().name()));
    return old.stream()
        .filter(fits)
        .filter(o -> likeness(words, o.words()) >= ALIKE)
        .min(
            Comparator.<Named>comparingDouble(o -> -likeness(words, o.words()))
                .thenComparing(nearest));
  }

  // Dice's coefficient
  private static double likeness(Set<String> one, Set<String> other) {
    long common = one.stream().filter(other::contains).count();
    return 2.0 * common / Math.max(1, one.size() + other.size());
  }

  /**
   * What stays of a name from version to version: linux, modules of {@code linux-6.12.5-modules},
   * libssl of {@code libssl3-3.0.14}.
   */
  private static List<String> kindOf(String name) {
    return Stream.of(name.split("[-_.]"))
        .map(word -> word.replaceFirst("\\d.*", ""))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static int commonStart(String one, String other) {
    int i = 0;
    while (i < Math.min(one.length(), other.length()) && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    return i;
  }
}
