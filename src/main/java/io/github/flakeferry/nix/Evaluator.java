package io.github.flakeferry.nix;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.Suggestions;
import io.github.flakeferry.support.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks Nix what a flake's configurations evaluate to. */
final class Evaluator {
  private static final int LISTED = 30;
  private static final int LONGEST_VALUE = 80;
  private static final String BUILD = "buildPlatform";
  private static final String HOST = "hostPlatform";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final NixProgram program;

  Evaluator(NixProgram program) {
    this.program = program;
  }

  List<String> configurations(Flake flake) {
    return strings(apply(flake, "the flake", "builtins.attrNames"));
  }

  EvaluatedSystem evaluate(Flake flake, String configuration) {
    return ask(
        flake,
        configuration,
        "derivation = toplevel.drvPath; toplevel = toplevel.outPath;",
        found -> system(configuration, found));
  }

  static EvaluatedSystem system(String configuration, JsonNode found) {
    return new EvaluatedSystem(
        configuration,
        StorePath.parse(string(found, "derivation")),
        StorePath.parse(string(found, "toplevel")),
        platform(found, BUILD),
        platform(found, HOST));
  }

  Platforms platforms(Flake flake, String configuration) {
    return ask(
        flake,
        configuration,
        "",
        found -> new Platforms(platform(found, BUILD), platform(found, HOST)));
  }

  private static SystemPlatform platform(JsonNode found, String kind) {
    return new SystemPlatform(string(found, kind));
  }

  private static String string(JsonNode found, String name) {
    JsonNode value = found.path(name);
    if (!value.isString()) {
      throw new IllegalArgumentException(
          "its %s is no string: %s"
              .formatted(name, Words.shortened(value.toString(), LONGEST_VALUE)));
    }
    return value.asString();
  }

  private <T> T ask(
      Flake flake, String configuration, String attributes, Function<JsonNode, T> reader) {
    String subject = "'" + configuration + "'";
    JsonNode found = apply(flake, subject, about(configuration, attributes));
    if (found.has("missing")) {
      throw notThere(flake, configuration, strings(found.path("missing")));
    }
    return read(configuration, found, reader);
  }

  /** What was found, or what is wrong with it. */
  static <T> T read(String configuration, JsonNode found, Function<JsonNode, T> reader) {
    try {
      return reader.apply(found);
    } catch (IllegalArgumentException e) {
      throw new EvaluationFailed(
          FailureCode.CONFIGURATION,
          configuration,
          "The configuration '%s' is not a system that can be built: %s"
              .formatted(configuration, e.getMessage()),
          "Its config.system.build.toplevel has to be a derivation.",
          List.of());
    }
  }

  // all that we want to know of a configuration in one evaluation: each one costs seconds
  private static String about(String configuration, String attributes) {
    return """
      configurations:
      let
        name = %s;
        configuration = configurations.${name};
        toplevel = configuration.config.system.build.toplevel;
        named = platform:
          if builtins.isString platform then platform else platform.system or toplevel.system;
        platform = kind:
          configuration.pkgs.stdenv.${kind}.system
            or (named (configuration.config.nixpkgs.${kind} or { }));
      in
      if builtins.hasAttr name configurations then {
        %s
        buildPlatform = platform "buildPlatform";
        hostPlatform = platform "hostPlatform";
      } else {
        missing = builtins.attrNames configurations;
      }
      """
        .formatted(literal(configuration), attributes);
  }

  private JsonNode apply(Flake flake, String subject, String function) {
    return json(flake, subject, List.of(flake.url() + "#nixosConfigurations", "--apply", function));
  }

  /**
   * What something of a flake evaluates to.
   *
   * @param subject what it is for people; a configuration in single quotes
   * @param what words for {@code nix eval}
   */
  JsonNode json(Flake flake, String subject, List<String> what) {
    // with --no-write-lock-file, too, Nix would lock what is not, such as a path of this machine
    var words = new ArrayList<>(List.of("eval", "--json", "--no-update-lock-file"));
    if (program.settings().showTrace()) {
      words.add("--show-trace");
    }
    words.addAll(what);
    NixProgram.Answer answer = new Quarters(program).evaluate(flake, words);
    if (!answer.exit().succeeded()) {
      throw failed(flake, subject, answer);
    }
    try {
      return JSON.readTree(answer.output());
    } catch (JacksonException e) {
      throw new EvaluationFailed(
          FailureCode.NIX_FAILED,
          subject,
          "Nix's answer about " + subject + " is not JSON.",
          "",
          answer.errors());
    }
  }

  private EvaluationFailed failed(Flake flake, String subject, NixProgram.Answer answer) {
    NixError error = NixError.of(answer.errors(), flake.checkout());
    if (error.message().contains("does not provide attribute")) {
      return new EvaluationFailed(
          FailureCode.FLAKE_MISSING,
          subject,
          "The flake has no nixosConfigurations " + flake.told() + ".",
          "Add an output nixosConfigurations.NAME = nixpkgs.lib.nixosSystem { … }; to flake.nix.",
          error.lines());
    }
    String said = error.message().isEmpty() ? "Nix " + answer.exit() : error.message();
    String message =
        "%s can't be evaluated: %s%s"
            .formatted(
                subject.startsWith("'") ? "The configuration " + subject : "The flake",
                said,
                error.location().map(l -> "\nat " + l).orElse(""));
    return new EvaluationFailed(
        error.isOfLocks() ? FailureCode.LOCK_FILE : FailureCode.EVALUATION,
        subject,
        message,
        OutOfMemory.ended(answer.exit())
            ? OutOfMemory.ADVICE
            : error.advice(program.settings().logins()),
        error.lines(),
        error.position(flake.checkout()));
  }

  private static EvaluationFailed notThere(Flake flake, String name, List<String> there) {
    Optional<String> meant = Suggestions.nearest(name, there);
    String message =
        "The flake has no configuration '%s' %s.%s"
            .formatted(name, flake.told(), meant.map(m -> " Is '" + m + "' meant?").orElse(""));
    String list = String.join(", ", there.subList(0, Math.min(LISTED, there.size())));
    String advice =
        there.isEmpty()
            ? "Its nixosConfigurations is empty."
            : "It has: " + list + (there.size() > LISTED ? ", …" : "") + ".";
    return new EvaluationFailed(FailureCode.CONFIGURATION, name, message, advice, List.of());
  }

  static EvaluationFailed noFlake(Flake flake) {
    return new EvaluationFailed(
        FailureCode.FLAKE_MISSING,
        "the flake",
        "There is no %s %s.".formatted(flake.folder().resolve("flake.nix"), flake.told()),
        "Flakeferry builds flakes: put a flake.nix with nixosConfigurations at the root of the"
            + " repository, or name its folder by the input flake (by hand: FLAKEFERRY_FLAKE).",
        List.of("looked in " + flake.checkout()));
  }

  private static List<String> strings(JsonNode array) {
    return array.values().stream().map(JsonNode::asString).toList();
  }

  // a string of the Nix language: backslash, quote and interpolation escaped
  static String literal(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("${", "\\${").replace("\n", " ")
        + '"';
  }
}
