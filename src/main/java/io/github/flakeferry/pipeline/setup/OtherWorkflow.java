package io.github.flakeferry.pipeline.setup;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
  private static final Pattern COMMAND =
      Pattern.compile("flakeferry([:@][^\\s\"']+)?[\"']?[\\s\\\\]+(run|deploy)\\b");

  private static final String ENVIRONMENT = "FLAKEFERRY_ENVIRONMENT";
  private static final Pattern HANDED_ON =
      Pattern.compile("\\b" + ENVIRONMENT + "=[\"']?([^\\s\"']+)");
  private static final List<String> NOT_DEPLOYING = List.of("plan", "build");

  /** What can start, or lead on to, a run that deploys what was pushed. */
  private static final List<String> EVENTS =
      List.of(
          "push",
          "schedule",
          "release",
          "workflow_dispatch",
          "workflow_call",
          "workflow_run",
          "repository_dispatch");

  /** Whether it deploys what is pushed to an environment. */
  enum Deploys {
    NOT,
    /** It names none, or one by an expression or a variable. */
    MAYBE,
    SURELY
  }

  static OtherWorkflow parse(String text) {
    try {
      return new OtherWorkflow(YAML.readTree(text));
    } catch (JacksonException e) {
      return new OtherWorkflow(YAML.missingNode());
    }
  }

  /** What the surest of its steps does. */
  Deploys deploysTo(String environment) {
    if (events().noneMatch(EVENTS::contains)) {
      return Deploys.NOT;
    }
    return workflow.path("jobs").values().stream()
        .flatMap(
            job ->
                job.path("steps").values().stream()
                    .filter(OtherWorkflow::deploys)
                    .map(step -> named(job, step)))
        .map(named -> named.map(name -> deploys(name, environment)).orElse(Deploys.MAYBE))
        .max(Comparator.naturalOrder())
        .orElse(Deploys.NOT);
  }

  private static Deploys deploys(String named, String environment) {
    if (named.contains("$")) {
      return Deploys.MAYBE;
    }
    return named.equals(environment) ? Deploys.SURELY : Deploys.NOT;
  }

  /** {@code on: push}, {@code on: [push]} or {@code on: { push: … }}. */
  private Stream<String> events() {
    JsonNode on = workflow.path("on");
    return on.isObject()
        ? on.propertyNames().stream()
        : Stream.concat(Stream.of(on), on.values().stream()).map(event -> event.asString(""));
  }

  private static boolean deploys(JsonNode step) {
    return ACTION.matcher(step.path("uses").asString("")).find()
        ? !NOT_DEPLOYING.contains(step.at("/with/command").asString("").strip())
        : COMMAND.matcher(step.path("run").asString("")).find();
  }

  /** The name that a run is given: by the step itself, or around it. */
  private Optional<String> named(JsonNode job, JsonNode step) {
    return Stream.of(
            step.at("/with/environment").asString(""),
            handedOn(step.path("run").asString("")),
            variable(step),
            variable(job),
            variable(workflow))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .findFirst();
  }

  private static String variable(JsonNode around) {
    return around.path("env").path(ENVIRONMENT).asString("");
  }

  private static String handedOn(String script) {
    Matcher found = HANDED_ON.matcher(script);
    return found.find() ? found.group(1) : "";
  }
}
