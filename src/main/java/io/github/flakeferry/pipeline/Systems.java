package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.Emulation;
import io.github.flakeferry.nix.EvaluatedSystem;
import io.github.flakeferry.nix.Flake;
import io.github.flakeferry.nix.Forecast;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.nix.SmokeTest;
import io.github.flakeferry.source.Checkout;
import io.github.flakeferry.support.progress.Progress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The systems of a plan's configurations, evaluated once each, and the Nix that can build them.
 *
 * @param byConfiguration keyed by the name that the board has in the policy, which may not be the
 *     one that was evaluated
 * @param tests what is tried of them on this machine, where it builds them
 */
record Systems(
    Nix nix,
    Map<String, EvaluatedSystem> byConfiguration,
    List<SmokeTest> tests,
    Closures closures) {

  static Systems evaluate(
      Checkout checkout,
      Path flakeFolder,
      Plan.Builds plan,
      Policy policy,
      NixSettings settings,
      Progress progress) {
    var nix = new Nix(settings, progress);
    Flake flake =
        nix.flake(checkout.folder(), flakeFolder, checkout.revision(), checkout.hasSubmodules());
    return evaluate(nix, flake, plan.configurations(), plan.trials(), policy, settings, progress);
  }

  /**
   * Evaluates these configurations of a flake.
   *
   * @param nix with these settings
   */
  static Systems evaluate(
      Nix nix,
      Flake flake,
      List<String> configurations,
      List<Plan.Trial> trials,
      Policy policy,
      NixSettings settings,
      Progress progress) {
    Nix evaluator = policy.emulate() ? withEmulation(nix, settings, progress) : nix;
    var offered = new HashSet<>(nix.configurations(flake));
    var systems = new LinkedHashMap<String, EvaluatedSystem>();
    for (String configuration : configurations) {
      if (!systems.containsKey(configuration)) {
        String name = policy.cross().variant(configuration, offered, nix.platform());
        if (!name.equals(configuration)) {
          progress.note("%s: the flake has %s, which is taken".formatted(configuration, name));
        }
        systems.put(configuration, evaluator.evaluate(flake, name));
      }
    }
    Nix builder = withEmulation(nix, systems.values(), policy, settings, progress);
    return new Systems(builder, systems, tests(trials, systems), new Closures(builder));
  }

  /** Boards that run the same system have it tried once, unless they want something else of it. */
  private static List<SmokeTest> tests(
      List<Plan.Trial> trials, Map<String, EvaluatedSystem> systems) {
    var tests = new LinkedHashMap<List<Object>, SmokeTest>();
    for (Plan.Trial trial : trials) {
      EvaluatedSystem system = Objects.requireNonNull(systems.get(trial.configuration()));
      tests.putIfAbsent(
          List.of(system.toplevel(), trial.smoke()), new SmokeTest(system, trial.smoke()));
    }
    return List.copyOf(tests.values());
  }

  /**
   * Fetches those that were built before: nobody needs to build these. Makes sure that this machine
   * and its remote builders can build the others, that it can try those that are to be tried, and
   * that there is room for what is fetched.
   *
   * @throws Refused if they lack a platform
   * @throws io.github.flakeferry.nix.DiskFull if there is not
   */
  void fetchOrRefuse(Path roots, Progress progress) {
    refuseUntriable();
    nix.fetch(all(), roots, forecast -> tell(forecast, progress));
    Forecast forecast = nix.forecast(all());
    if (!nix.foreignDerivations(forecast).isEmpty()) {
      refuseForeign();
    }
    tell(forecast, progress);
  }

  private void refuseUntriable() {
    List<EvaluatedSystem> untriable =
        tests.stream()
            .map(SmokeTest::system)
            .filter(system -> !nix.runs(system.hostPlatform()))
            .distinct()
            .toList();
    if (!untriable.isEmpty()) {
      throw Refused.needsEmulator(untriable, nix.platform());
    }
  }

  private void refuseForeign() {
    for (EvaluatedSystem system : all()) {
      var foreign = nix.foreignDerivations(nix.forecast(List.of(system)));
      if (!foreign.isEmpty()) {
        throw Refused.needsForeignBuilders(system.configuration(), foreign, nix.platform());
      }
    }
  }

  private void tell(Forecast forecast, Progress progress) {
    if (!forecast.isNothing()) {
      var room = nix.room();
      progress.note(ForecastText.of(forecast, room));
      room.ifPresent(
          there ->
              forecast
                  .fetchedBytes()
                  .ifPresent(bytes -> there.expect("what is fetched", bytes, progress)));
    }
  }

  /** Each system once. */
  List<EvaluatedSystem> all() {
    return byConfiguration.values().stream().distinct().toList();
  }

  EvaluatedSystem of(String configuration) {
    EvaluatedSystem system = byConfiguration.get(configuration);
    if (system == null) {
      throw new IllegalStateException(configuration + " was not evaluated");
    }
    return system;
  }

  /** What a system refers to, itself included; it must be built. */
  List<PathInfo> closure(EvaluatedSystem system) {
    return closures.of(system.toplevel());
  }

  /** What all of them refer to, themselves included, each path once; they must be built. */
  Collection<PathInfo> paths() {
    var paths = new TreeMap<String, PathInfo>();
    for (EvaluatedSystem system : all()) {
      closure(system).forEach(info -> paths.put(info.path().hash(), info));
    }
    return paths.values();
  }

  /**
   * For what evaluating has to build first (import from derivation), whose platform nobody knows.
   */
  private static Nix withEmulation(Nix nix, NixSettings settings, Progress progress) {
    var emulated = new HashSet<>(Emulation.platforms());
    emulated.remove(nix.platform());
    return emulated.isEmpty() ? nix : new Nix(settings.withExtraPlatforms(emulated), progress);
  }

  private static Nix withEmulation(
      Nix nix,
      Collection<EvaluatedSystem> systems,
      Policy policy,
      NixSettings settings,
      Progress progress) {
    var emulated = new HashSet<SystemPlatform>();
    if (policy.emulate()) {
      for (EvaluatedSystem system : systems) {
        SystemPlatform platform = system.hostPlatform();
        if (!platform.equals(nix.platform()) && Emulation.runs(platform)) {
          emulated.add(platform);
        }
      }
    }
    if (emulated.isEmpty()) {
      return nix;
    }
    progress.warn("builders for %s run by emulation, which is slow".formatted(emulated));
    return new Nix(settings.withExtraPlatforms(emulated), progress);
  }
}
