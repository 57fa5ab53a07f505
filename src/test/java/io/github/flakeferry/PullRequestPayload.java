package io.github.flakeferry;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.testbed.PublishedDescriptions;
import java.io.IOException;
import java.nio.file.Files;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Published payloads of pull requests, made ones of the rehearsal's repository. */
final class PullRequestPayload {
  private static final JsonMapper JSON = new JsonMapper();

  private PullRequestPayload() {}

  static ObjectNode of(String action, long number, GitRevision head) throws IOException {
    var payload = (ObjectNode) example().deepCopy();
    payload.put("action", action).put("number", number);
    var repository = (ObjectNode) payload.path("repository");
    repository.put("full_name", "demo/boards").put("default_branch", "main");
    var pull = (ObjectNode) payload.path("pull_request");
    pull.put("number", number).put("state", action.equals("closed") ? "closed" : "open");
    pull.putNull("auto_merge"); // an answer has it
    ((ObjectNode) pull.path("head")).put("sha", head.value()).put("ref", "topic");
    return payload;
  }

  private static JsonNode example() throws IOException {
    for (JsonNode event :
        JSON.readTree(Files.readString(PublishedDescriptions.webhookExamples()))) {
      if (event.path("name").asString().equals("pull_request")) {
        for (JsonNode example : event.path("examples")) {
          if (example.path("action").asString().equals("opened")) {
            return example;
          }
        }
      }
    }
    throw new IllegalStateException("no example of a pull request");
  }
}
