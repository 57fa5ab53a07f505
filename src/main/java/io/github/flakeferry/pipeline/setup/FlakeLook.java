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
import java.util.regex.Pattern;

/** What a flake offers. Each configuration is evaluated when it is asked about, once. */
final class FlakeLook {
  private static final Pattern VARIANT = Pattern.compile("-from-[^-]+$");

  private final Nix nix;
  private final Flake flake;
  private final List<String> names;
  private final Map<String, Optional<Platforms>> known = new TreeMap<>();

  /**
   * Asks for the names only.
   *
   * @throws Failure if the flake can't be evaluated
   */
  FlakeLook(Nix nix, Flake flake) {
    this.nix = nix;
    this.flake = flake;
    this.names = nix.configurations(flake);
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
            return Optional.of(nix.platforms(flake, name));
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
