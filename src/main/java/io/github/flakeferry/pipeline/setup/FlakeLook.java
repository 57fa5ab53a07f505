package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.nix.Flake;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.Platforms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What a flake offers. Each configuration is evaluated when it is asked about, once. */
final class FlakeLook {
  private static final Pattern VARIANT = Pattern.compile("-from-[^-]+$");

  private final List<String> names;
  private final Function<String, Platforms> evaluation;
  private final Map<String, Optional<Platforms>> known = new TreeMap<>();

  /**
   * @param names of the configurations, sorted
   * @param evaluation of one; fails where it can't be evaluated
   */
  FlakeLook(List<String> names, Function<String, Platforms> evaluation) {
    this.names = names;
    this.evaluation = evaluation;
  }

  /**
   * Asks for the names only.
   *
   * @throws Failure if the flake can't be evaluated
   */
  static FlakeLook at(Flake flake, Nix nix) {
    return new FlakeLook(nix.configurations(flake), name -> nix.platforms(flake, name));
  }

  /** All, sorted. */
  List<String> names() {
    return names;
  }

  /** Those that are no other's cross variant, by name. */
  List<String> own() {
    return names.stream().filter(name -> !isVariant(name)).toList();
  }

  private boolean isVariant(String name) {
    String of = VARIANT.matcher(name).replaceFirst("");
    return !of.equals(name) && names.contains(of);
  }

  /** Absent where it can't be evaluated: {@code check} says why. */
  Optional<Platforms> platforms(String name) {
    return known.computeIfAbsent(
        name,
        _ -> {
          try {
            return Optional.of(evaluation.apply(name));
          } catch (Failure failure) {
            return Optional.empty();
          }
        });
  }

  /** Those that run on such a processor; all where that is not known. */
  List<String> runningOn(Optional<String> machine) {
    if (machine.isEmpty()) {
      return own();
    }
    var fitting = new ArrayList<String>();
    for (String name : own()) {
      if (platforms(name).filter(p -> p.host().machine().equals(machine.get())).isPresent()) {
        fitting.add(name);
      }
    }
    return fitting;
  }
}
