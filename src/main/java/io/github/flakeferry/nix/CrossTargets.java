package io.github.flakeferry.nix;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a flake's own nixpkgs can cross-compile for: {@code pkgsCross.NAME} (nixpkgs, {@code
 * lib/systems/examples.nix}).
 *
 * @param release of nixpkgs, {@code 26.05.20261101.1234abc}; empty where it does not say
 * @param all sorted by name
 */
public record CrossTargets(String release, List<Target> all) {
  public CrossTargets {
    all = List.copyOf(all);
  }

  /**
   * One of them.
   *
   * @param name the attribute of {@code pkgsCross}
   * @param system what Nix calls it, {@code riscv64-linux}; of programs without a kernel {@code
   *     riscv64-none}
   * @param triple what GNU calls it, {@code riscv64-unknown-linux-gnu}
   */
  public record Target(String name, String system, String triple) {
    /** Whether a word is in any of these, in capitals or not. */
    public boolean matches(String word) {
      String wanted = word.toLowerCase(Locale.ROOT);
      return List.of(name, system, triple).stream()
          .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(wanted));
    }
  }

  // the input that is called nixpkgs, else what a configuration is made with, else any other input;
  // what can't be evaluated is left out
  private static final String EXPRESSION =
      """
      let
        flake = builtins.getFlake @flake@;
        inputs = flake.inputs or { };
        configurations = flake.nixosConfigurations or { };
        offers = lib: (builtins.tryEval (lib ? systems.examples && lib ? systems.elaborate)).value;
        libs =
          [ (inputs.nixpkgs.lib or { }) ]
          ++ map (name: configurations.${name}.lib or { }) (builtins.attrNames configurations)
          ++ map (name: inputs.${name}.lib or { }) (builtins.attrNames inputs);
        first =
          list:
          if list == [ ] then
            null
          else if offers (builtins.head list) then
            builtins.head list
          else
            first (builtins.tail list);
        lib = first libs;
        told =
          name:
          let
            platform = lib.systems.elaborate lib.systems.examples.${name};
            target = {
              inherit name;
              inherit (platform) system;
              triple = platform.config;
            };
            tried = builtins.tryEval (builtins.deepSeq target target);
          in
          if tried.success then [ tried.value ] else [ ];
      in
      if lib == null then
        null
      else
        {
          release = lib.version or "";
          targets = builtins.concatMap told (builtins.attrNames lib.systems.examples);
        }
      """;

  /** Empty where the flake has no nixpkgs. */
  static Optional<CrossTargets> of(Flake flake, NixProgram program) {
    String expression = EXPRESSION.replace("@flake@", Evaluator.literal(flake.url()));
    JsonNode found = new Evaluator(program).json(flake, "the flake", List.of("--expr", expression));
    return found.isNull()
        ? Optional.empty()
        : Optional.of(
            new CrossTargets(
                found.path("release").asString(),
                found.path("targets").values().stream()
                    .map(CrossTargets::target)
                    .sorted(Comparator.comparing(Target::name))
                    .toList()));
  }

  private static Target target(JsonNode node) {
    return new Target(
        node.path("name").asString(),
        node.path("system").asString(),
        node.path("triple").asString());
  }
}
