package io.github.flakeferry.nix;

import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.ClosureDifference.Change;
import io.github.flakeferry.model.ClosureDifference.Kind;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells two closures apart by package, as people think of them, not by store path. */
final class Comparison {
  private Comparison() {}

  /**
   * All of a package on one side: its outputs, and its versions where there are several.
   *
   * @param paths what of it the other side has not
   */
  private record Side(SortedSet<String> versions, SortedSet<StorePath> paths, long bytes) {
    static final Side NONE = new Side(new TreeSet<>(), new TreeSet<>(), 0);
  }

  /**
   * @param kernel the path with the new system's kernel
   */
  static ClosureDifference of(Closure old, Closure now, Optional<StorePath> kernel) {
    SortedMap<String, Side> before = sides(old, now);
    SortedMap<String, Side> after = sides(now, old);
    var names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    var changes = new ArrayList<Change>();
    for (String name : names) {
      Side a = before.getOrDefault(name, Side.NONE);
      Side b = after.getOrDefault(name, Side.NONE);
      if (!a.paths.isEmpty() || !b.paths.isEmpty()) {
        changes.add(
            new Change(
                name,
                kind(a.versions, b.versions),
                joined(a.versions),
                joined(b.versions),
                b.bytes - a.bytes));
      }
    }
    return new ClosureDifference(
        changes, old.bytes(), now.bytes(), kernel.map(path -> PackageName.of(path).name()));
  }

  private static SortedMap<String, Side> sides(Closure closure, Closure other) {
    var sides = new TreeMap<String, Side>();
    closure
        .narSizes()
        .forEach(
            (path, size) -> {
              PackageName name = PackageName.of(path);
              Side before = sides.getOrDefault(name.name(), Side.NONE);
              var versions = new TreeSet<>(PackageVersions.ORDER.thenComparing(v -> v));
              versions.addAll(before.versions);
              versions.add(name.version().orElse(""));
              var paths = new TreeSet<>(before.paths);
              if (!other.narSizes().containsKey(path)) {
                paths.add(path);
              }
              sides.put(name.name(), new Side(versions, paths, before.bytes + size));
            });
    return sides;
  }

  private static Kind kind(SortedSet<String> old, SortedSet<String> now) {
    var gone = new TreeSet<>(old);
    gone.removeAll(now);
    var come = new TreeSet<>(now);
    come.removeAll(old);
    if (gone.isEmpty() && come.isEmpty()) {
      return Kind.REBUILT;
    }
    if (gone.isEmpty()) {
      return Kind.ADDED;
    }
    if (come.isEmpty()) {
      return Kind.REMOVED;
    }
    return PackageVersions.compare(gone.last(), come.last()) < 0 ? Kind.UPGRADED : Kind.DOWNGRADED;
  }

  // "1.1, 3.0": a closure may have several versions of a package
  private static Optional<String> joined(SortedSet<String> versions) {
    String text = String.join(", ", versions.stream().filter(v -> !v.isEmpty()).toList());
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
