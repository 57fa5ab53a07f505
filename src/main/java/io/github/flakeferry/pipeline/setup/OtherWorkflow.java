package io.github.flakeferry.pipeline.setup;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A workflow that somebody else wrote, or an earlier version (GitHub docs, "Workflow syntax").
 *
 * @param workflow as YAML has it; nothing where it is none, and no forge runs it
 */
record OtherWorkflow(JsonNode workflow) {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern ACTION = Pattern.compile("(?i)flakeferry/flakeferry[@:]");

  /** {@code flakeferry run}, or as an image's: {@code ghcr.io/…/flakeferry:1.2.3 run}. */
  private static final Pattern RUN =
      Pattern.compile("flakeferry([:@][^\\s\"']+)?[\"']?[\\s\\\\]+run\\b");

  private static final Pattern HANDED_ON =
      Pattern.compile("\\bFLAKEFERRY_ENVIRONMENT=[\"']?([^\\s\"']+)");
  private static final List<String> NOT_DEPLOYING = List.of("plan", "build");

  static OtherWorkflow parse(String text) {
    try {
      return new OtherWorkflow(YAML.readTree(text));
    } catch (JacksonException e) {
      return new OtherWorkflow(YAML.missingNode());
    }
  }

  /**
   * Whether it deploys to an environment, or may: one of its steps runs us and names this one,
   * none, or one by an expression or a variable.
   */
  boolean deploysTo(String environment) {
    return workflow.path("jobs").values().stream()
        .flatMap(job -> job.path("steps").values().stream())
        .filter(step -> usesAction(step) || RUN.matcher(step.path("run").asString("")).find())
        .map(OtherWorkflow::environment)
        .anyMatch(named -> named.isEmpty() || named.filter(isOrMayBe(environment)).isPresent());
  }

  private static Predicate<String> isOrMayBe(String environment) {
    return named -> named.equals(environment) || named.contains("$");
  }

  private static boolean usesAction(JsonNode step) {
    return ACTION.matcher(step.path("uses").asString("")).find()
        && !NOT_DEPLOYING.contains(step.at("/with/command").asString("").strip());
  }

  /** The name that the run is given, as an input of the action or as a variable. */
  private static Optional<String> environment(JsonNode step) {
    return Stream.of("/with/environment", "/env/FLAKEFERRY_ENVIRONMENT")
        .map(at -> step.at(at).asString("").strip())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .or(
            () ->
                Optional.of(HANDED_ON.matcher(step.path("run").asString("")))
                    .filter(Matcher::find)
                    .map(found -> found.group(1)));
  }
}
