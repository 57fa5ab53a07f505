package io.github.flakeferry.pipeline.check;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.support.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * One workflow that starts us (GitHub docs, "Workflow syntax").
 *
 * @param file its name, for people
 * @param github whether GitHub runs it, which has permissions and environments
 */
record WorkflowFile(String file, JsonNode workflow, boolean github, Policy policy) {
  /** All inputs of the action. */
  static final List<String> INPUTS =
      List.of(
          "command",
          "record",
          "closure",
          "ssh-key",
          "ssh-key-passphrase",
          "signing-key",
          "pull-request-signing-key",
          "cache-credentials",
          "github-token",
          "environment",
          "boards",
          "action",
          "flake",
          "config",
          "allow-older",
          "replace-unknown",
          "show-trace",
          "dry-run");

  private static final String NAME = "workflow";
  private static final String US = "flakeferry/flakeferry";
  private static final String ENVIRONMENT = "environment";
  private static final List<String> WITH_SECRETS =
      List.of("pull_request_target", "workflow_run", "issue_comment");

  static boolean startsUs(JsonNode workflow) {
    return workflow.path("jobs").values().stream().anyMatch(job -> !steps(job).isEmpty());
  }

  private static List<JsonNode> steps(JsonNode job) {
    return job.path("steps").values().stream()
        .filter(step -> step.path("uses").asString("").contains(US))
        .toList();
  }

  /** What is amiss in it, or that nothing is. */
  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    WITH_SECRETS.stream()
        .filter(this::isStartedBy)
        .forEach(event -> findings.add(byStranger(event)));
    for (JsonNode job : workflow.path("jobs")) {
      List<JsonNode> steps = steps(job);
      steps.forEach(step -> inputs(step.path("with"), findings));
      if (!steps.isEmpty() && github) {
        permissions(job, steps, findings);
        secrets(job, findings);
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(NAME, file + " gives the action what it takes, and what a run needs"))
        : findings;
  }

  private boolean isStartedBy(String event) {
    JsonNode on = workflow.path("on");
    return on.has(event)
        || on.asString("").equals(event)
        || on.values().stream().anyMatch(each -> each.asString("").equals(event));
  }

  private Finding byStranger(String event) {
    return wrong(
        FailureCode.INPUT,
        "it is started by %s: such a run has secrets, whoever wrote the code, and nothing is done in it"
            .formatted(event),
        "Take it out; `pull_request` tries what comes from the repository itself.");
  }

  private void inputs(JsonNode with, List<Finding> findings) {
    for (String name : with.propertyNames()) {
      if (!INPUTS.contains(name)) {
        findings.add(
            wrong(
                FailureCode.INPUT,
                "the action has no input '%s'%s"
                    .formatted(
                        name,
                        Suggestions.nearest(name, INPUTS)
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("")),
                "It has: " + String.join(", ", INPUTS)));
      }
    }
    String environment = with.path(ENVIRONMENT).asString("");
    if (!environment.isEmpty()
        && !environment.contains("${{")
        && policy.environment(environment).isEmpty()) {
      findings.add(
          wrong(
              FailureCode.ENVIRONMENT_UNKNOWN,
              "the policy has no environment '%s'".formatted(environment),
              "It has: "
                  + policy.environments().stream().map(e -> e.name()).collect(joining(", "))));
    }
  }

  private void permissions(JsonNode job, List<JsonNode> steps, List<Finding> findings) {
    JsonNode given = job.has("permissions") ? job.get("permissions") : workflow.path("permissions");
    if (given.isMissingNode()) {
      findings.add(
          warning(
              "it names no permissions, so the repository's settings decide what the token may do",
              "permissions: { %s }".formatted(list(needed(steps)))));
      return;
    }
    Map<String, String> lacking = new TreeMap<>(needed(steps));
    lacking.entrySet().removeIf(need -> isGiven(given, need.getKey(), need.getValue()));
    if (lacking.containsKey("contents")) {
      findings.add(
          wrong(
              FailureCode.REPOSITORY_CLOSED,
              "the token may not clone the repository",
              "permissions: { contents: read, … }"));
      lacking.remove("contents");
    }
    if (!lacking.isEmpty()) {
      findings.add(
          warning(
              "the token lacks %s: what they are for is left out".formatted(list(lacking)),
              "Add them to `permissions:`; src/doc/ci.md says what each is for."));
    }
  }

  /** What the table of permissions in {@code src/doc/ci.md} says. */
  private Map<String, String> needed(List<JsonNode> steps) {
    boolean deploys =
        steps.stream()
            .map(step -> step.at("/with/command").asString("run"))
            .anyMatch(command -> command.equals("run") || command.equals("deploy"));
    var needed = new TreeMap<>(Map.of("contents", "read"));
    if (deploys) {
      needed.putAll(
          Map.of(
              "statuses", "write", "deployments", "write", "checks", "write", "actions", "read"));
      if (isStartedBy("pull_request")) {
        needed.put("pull-requests", "write");
      }
    }
    return needed;
  }

  private static boolean isGiven(JsonNode given, String scope, String level) {
    String all = given.asString("");
    String one = given.path(scope).asString("none");
    return all.equals("write-all")
        || (all.equals("read-all") && level.equals("read"))
        || one.equals("write")
        || one.equals(level);
  }

  private void secrets(JsonNode job, List<Finding> findings) {
    if (job.toString().contains("secrets.") && !job.has(ENVIRONMENT)) {
      findings.add(
          warning(
              "its secrets are the repository's: whoever may push a branch can read them",
              "Keep them in an Environment that is restricted to the default branch and protected"
                  + " tags, and name it: `environment: { name: production, deployment: false }`."));
    }
  }

  private static String list(Map<String, String> permissions) {
    return permissions.entrySet().stream()
        .map(each -> each.getKey() + ": " + each.getValue())
        .collect(joining(", "));
  }

  private Finding wrong(FailureCode code, String message, String advice) {
    return Finding.wrong(NAME, code, file + ": " + message, advice);
  }

  private Finding warning(String message, String advice) {
    return Finding.warning(NAME, file + ": " + message, advice);
  }
}
