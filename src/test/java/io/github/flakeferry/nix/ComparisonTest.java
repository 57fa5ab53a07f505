package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.ClosureDifference.Change;
import io.github.flakeferry.model.ClosureDifference.Kind;
import io.github.flakeferry.model.StorePath;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  /** A closure of {@code <hash digit>-<name>=<size>}. */
  private static Closure closure(String... paths) {
    var sizes = new TreeMap<StorePath, Long>();
    for (String path : paths) {
      String name = path.substring(2, path.indexOf('='));
      sizes.put(
          new StorePath(path.substring(0, 1).repeat(32), name),
          Long.parseLong(path.substring(path.indexOf('=') + 1)));
    }
    return new Closure(sizes.firstKey(), sizes);
  }

  private static Change change(String name, Kind kind, String old, String now, long delta) {
    return new Change(name, kind, optional(old), optional(now), delta);
  }

  private static Optional<String> optional(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  @Test
  void changesAreToldByPackage() {
    ClosureDifference difference =
        Nix.difference(
            closure(
                "1-glibc-2.39=100",
                "1-glibc-2.39-bin=10",
                "1-linux-6.10=50",
                "1-etc=5",
                "1-gone-1=7",
                "1-same-1=9"),
            closure(
                "2-glibc-2.40=110",
                "2-glibc-2.40-bin=10",
                "2-linux-6.9=40",
                "2-etc=6",
                "2-come=3",
                "1-same-1=9"));
    assertThat(difference.changes())
        .containsExactly(
            change("come", Kind.ADDED, "", "", 3),
            change("etc", Kind.REBUILT, "", "", 1),
            change("glibc", Kind.UPGRADED, "2.39", "2.40", 10),
            change("gone", Kind.REMOVED, "1", "", -7),
            change("linux", Kind.DOWNGRADED, "6.10", "6.9", -10));
    assertThat(difference.oldBytes()).isEqualTo(181);
    assertThat(difference.newBytes()).isEqualTo(178);
  }

  @Test
  void theKernelIsKnownByItsPath() {
    ClosureDifference difference =
        Comparison.of(
            closure("1-linux-6.9=50", "1-linux-tools-1=1"),
            closure("2-linux-6.10=50", "2-linux-tools-2=1"),
            Optional.of(new StorePath("2".repeat(32), "linux-6.10")));
    assertThat(difference.changes())
        .filteredOn(difference::isKernel)
        .containsExactly(change("linux", Kind.UPGRADED, "6.9", "6.10", 0));
  }

  @Test
  void aSecondVersionIsAddedBesideTheFirst() {
    assertThat(Nix.difference(closure("1-a-1=1"), closure("1-a-1=1", "2-a-2=5")).changes())
        .containsExactly(change("a", Kind.ADDED, "1", "1, 2", 5));
  }

  @Test
  void theSameClosureHasNoDifference() {
    assertThat(Nix.difference(closure("1-a-1=1"), closure("1-a-1=1")).isEmpty()).isTrue();
  }

  @Test
  void anOutputIsNoPartOfTheVersion() {
    assertThat(PackageName.of(new StorePath("1".repeat(32), "util-linux-2.39-dev")))
        .isEqualTo(new PackageName("util-linux", Optional.of("2.39")));
    assertThat(PackageName.of(new StorePath("1".repeat(32), "unit-dev")))
        .isEqualTo(new PackageName("unit-dev", Optional.empty()));
  }
}
