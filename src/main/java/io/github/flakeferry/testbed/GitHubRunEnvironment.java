package io.github.flakeferry.testbed;

import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The variables of a container action, from the event as GitHub derives them (GitHub docs,
 * "Variables reference" and "Events that trigger workflows").
 */
final class GitHubRunEnvironment {
  private static final JsonMapper JSON = new JsonMapper();

  private GitHubRunEnvironment() {}

  private record Subject(String ref, String sha, String headRef, String baseRef) {}

  static Map<String, String> of(
      String eventName, Path payload, Path folder, URI server, URI api, Secret token, long run)
      throws IOException {
    JsonNode event = JSON.readTree(Files.readAllBytes(payload));
    String repository = event.at("/repository/full_name").asString("nobody/nothing");
    String owner = repository.substring(0, repository.indexOf('/'));
    String actor = event.at("/sender/login").asString(owner);
    Subject subject = subject(eventName, event);
    var all = new TreeMap<String, String>();
    all.put("CI", "true");
    all.put("GITHUB_ACTIONS", "true");
    all.put("GITHUB_EVENT_NAME", eventName);
    all.put("GITHUB_EVENT_PATH", payload.toAbsolutePath().toString());
    all.put("GITHUB_REPOSITORY", repository);
    all.put("GITHUB_REPOSITORY_ID", event.at("/repository/id").asString("1"));
    all.put("GITHUB_REPOSITORY_OWNER", owner);
    all.put("GITHUB_REPOSITORY_OWNER_ID", event.at("/repository/owner/id").asString("1"));
    all.put("GITHUB_SERVER_URL", server.toString());
    all.put("GITHUB_API_URL", api.toString());
    all.put("GITHUB_GRAPHQL_URL", api + "/graphql");
    all.put("GITHUB_SHA", subject.sha());
    all.put("GITHUB_REF", subject.ref());
    all.put("GITHUB_REF_NAME", subject.ref().replaceFirst("^refs/(?:heads|tags|pull)/", ""));
    all.put("GITHUB_REF_TYPE", subject.ref().startsWith("refs/tags/") ? "tag" : "branch");
    all.put("GITHUB_REF_PROTECTED", "false");
    all.put("GITHUB_HEAD_REF", subject.headRef());
    all.put("GITHUB_BASE_REF", subject.baseRef());
    all.put("GITHUB_ACTOR", actor);
    all.put("GITHUB_ACTOR_ID", event.at("/sender/id").asString("1"));
    all.put("GITHUB_TRIGGERING_ACTOR", actor);
    all.put("GITHUB_RUN_ID", Long.toString(run));
    all.put("GITHUB_RUN_NUMBER", "1");
    all.put("GITHUB_RUN_ATTEMPT", "1");
    all.put("GITHUB_RETENTION_DAYS", "90");
    all.put("GITHUB_WORKFLOW", "Deploy");
    all.put("GITHUB_WORKFLOW_REF", repository + "/.github/workflows/deploy.yml@" + subject.ref());
    all.put("GITHUB_WORKFLOW_SHA", subject.sha());
    all.put("GITHUB_JOB", "deploy");
    all.put("GITHUB_ACTION", "__flakeferry_flakeferry");
    all.put("GITHUB_ACTION_REPOSITORY", "flakeferry/flakeferry");
    all.put("GITHUB_ACTION_REF", "v1");
    all.put("RUNNER_OS", "Linux");
    all.put("RUNNER_ARCH", "X64");
    all.put("RUNNER_NAME", "GitHub Actions 1");
    all.put("RUNNER_ENVIRONMENT", "github-hosted");
    all.put("RUNNER_TOOL_CACHE", "/opt/hostedtoolcache");
    all.put("ACTIONS_RUNTIME_URL", server + "/runtime/");
    all.put("ACTIONS_RUNTIME_TOKEN", "");
    all.put("ACTIONS_CACHE_URL", server + "/cache/");
    all.put("INPUT_GITHUB-TOKEN", token.reveal());
    files(all, folder);
    return all;
  }

  private static void files(Map<String, String> all, Path folder) throws IOException {
    for (String name : new String[] {"HOME", "GITHUB_WORKSPACE", "RUNNER_TEMP"}) {
      Path made = folder.resolve(name.toLowerCase(java.util.Locale.ROOT));
      all.put(name, Files.createDirectories(made).toAbsolutePath().toString());
    }
    all.put("RUNNER_WORKSPACE", folder.toAbsolutePath().toString());
    Path commands = Files.createDirectories(folder.resolve("file_commands"));
    for (String name :
        new String[] {
          "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"
        }) {
      Path file = commands.resolve(name.toLowerCase(java.util.Locale.ROOT));
      Files.write(file, new byte[0]);
      all.put(name, file.toAbsolutePath().toString());
    }
  }

  private static Subject subject(String eventName, JsonNode event) {
    String branch = "refs/heads/" + event.at("/repository/default_branch").asString("main");
    String nowhere = "0".repeat(40);
    return switch (eventName) {
      case "push" ->
          // of a deleted ref there is nothing left: the default branch stands in
          event.path("deleted").asBoolean(false)
              ? new Subject(branch, nowhere, "", "")
              : new Subject(
                  event.path("ref").asString(branch),
                  event.at("/head_commit/id").asString(event.path("after").asString(nowhere)),
                  "",
                  "");
      case "pull_request" -> {
        JsonNode request = event.path("pull_request");
        String base = request.at("/base/ref").asString("main");
        // of a merged one GITHUB_REF is the branch it was merged into
        boolean merged = request.path("merged").asBoolean(false);
        yield new Subject(
            merged
                ? "refs/heads/" + base
                : "refs/pull/" + request.path("number").asString("0") + "/merge",
            request.path("merge_commit_sha").asString(nowhere),
            request.at("/head/ref").asString(""),
            base);
      }
      default -> new Subject(branch, nowhere, "", "");
    };
  }
}
