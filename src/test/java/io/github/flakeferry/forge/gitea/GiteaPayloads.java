package io.github.flakeferry.forge.gitea;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What Gitea sends to its runners and answers with, as its source makes it. */
final class GiteaPayloads {
  static final String COMMIT = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";
  private static final JsonMapper JSON = new JsonMapper();
  private static final long OURS = 7;

  private GiteaPayloads() {}

  static ObjectNode repository(long id) {
    ObjectNode repository =
        JSON.createObjectNode()
            .put("id", id)
            .put("name", "boards")
            .put("full_name", "owner/boards")
            .put("default_branch", "main");
    return repository.set("owner", user("owner"));
  }

  private static ObjectNode user(String login) {
    return JSON.createObjectNode().put("id", login.hashCode()).put("login", login);
  }

  /** One of a branch of the repository itself. */
  static ObjectNode pullRequest(long number) {
    ObjectNode pull =
        JSON.createObjectNode()
            .put("id", 100 + number)
            .put("number", number)
            .put("title", "Try it")
            .put("state", "open")
            .put("draft", false);
    pull.set("user", user("somebody"));
    pull.putArray("labels").addObject().put("id", 1).put("name", "preview: lab");
    pull.set("base", branch("main", "main", "0".repeat(40)));
    pull.set("head", branch("feature", "feature", COMMIT));
    return pull;
  }

  private static ObjectNode branch(String label, String ref, String sha) {
    ObjectNode branch =
        JSON.createObjectNode()
            .put("label", label)
            .put("ref", ref)
            .put("sha", sha)
            .put("repo_id", OURS);
    return branch.set("repo", repository(OURS));
  }

  /** Of a fork. */
  static ObjectNode fork(long number) {
    ObjectNode pull = pullRequest(number);
    ((ObjectNode) pull.path("head")).put("repo_id", 99).set("repo", repository(99));
    return pull;
  }

  /** Of a fork that was deleted. */
  static ObjectNode deletedFork(long number) {
    ObjectNode pull = pullRequest(number);
    ((ObjectNode) pull.path("head"))
        .put("repo_id", -1)
        .put("ref", "refs/pull/" + number + "/head")
        .putNull("repo");
    return pull;
  }

  /** Pushed to {@code refs/for/main} by somebody who may only read. */
  static ObjectNode withoutBranch(long number) {
    ObjectNode pull = pullRequest(number);
    ((ObjectNode) pull.path("head")).put("label", "").put("ref", "refs/pull/" + number + "/head");
    return pull;
  }

  /** Whose branch is deleted, as after a merge. */
  static ObjectNode withDeletedBranch(long number) {
    ObjectNode pull = pullRequest(number).put("state", "closed").put("merged", true);
    ((ObjectNode) pull.path("head")).put("ref", "refs/pull/" + number + "/head");
    return pull;
  }

  /** The event file of something that happened to one. */
  static ObjectNode event(String action, ObjectNode pull) {
    ObjectNode event =
        JSON.createObjectNode()
            .put("action", action)
            .put("number", pull.path("number").asLong())
            .put("commit_id", "");
    event.set("pull_request", pull);
    event.set("repository", repository(OURS));
    event.set("sender", user("somebody"));
    event.putNull("requested_reviewer").putNull("review");
    return event;
  }

  /** The event file of anything else in this repository. */
  static ObjectNode event() {
    ObjectNode event = JSON.createObjectNode();
    event.set("repository", repository(OURS));
    return event.set("sender", user("somebody"));
  }
}
