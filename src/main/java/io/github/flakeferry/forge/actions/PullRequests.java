package io.github.flakeferry.forge.actions;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads pull requests out of payloads and answers. */
final class PullRequests {
  private static final String DEPENDABOT = "dependabot[bot]";

  private PullRequests() {}

  /**
   * The one that a {@code pull_request} event is about.
   *
   * @param actors the accounts that started the run
   */
  static PullRequest of(Payload payload, Collection<String> actors) {
    return new PullRequest(
        payload.neededNumber("pull_request.number"),
        payload.neededCommit("pull_request.head.sha"),
        payload.neededText("pull_request.head.ref"),
        trust(payload, actors),
        payload.isTrue("pull_request.draft"),
        labels(payload.at("pull_request.labels")));
  }

  /**
   * One that the forge was asked for.
   *
   * @throws IllegalArgumentException if it is none
   */
  static PullRequest of(JsonNode node) {
    return new PullRequest(
        node.path("number").asLong(0),
        new GitRevision(node.at("/head/sha").asString("")),
        node.at("/head/ref").asString(""),
        trust(
            node.path("head"),
            node.at("/base/repo/id"),
            Stream.of(node.at("/user/login").asString(""))),
        node.path("draft").asBoolean(false),
        labels(node.path("labels")));
  }

  private static HeadTrust trust(Payload payload, Collection<String> actors) {
    return trust(
        payload.at("pull_request.head"),
        payload.at("repository.id"),
        Stream.concat(
            Stream.of("pull_request.user.login", "sender.login")
                .flatMap(field -> payload.text(field).stream()),
            actors.stream()));
  }

  // same repository only where both ids say so: a deleted head repository is null
  private static HeadTrust trust(JsonNode head, JsonNode own, Stream<String> actors) {
    JsonNode from = head.at("/repo/id");
    boolean sameRepository =
        from.isIntegralNumber() && own.isIntegralNumber() && from.asLong() == own.asLong();
    return sameRepository
            && !isWithoutBranch(head)
            && actors.noneMatch(DEPENDABOT::equalsIgnoreCase)
        ? HeadTrust.SAME_REPOSITORY
        : HeadTrust.UNTRUSTED;
  }

  // Gitea's "AGit flow": whoever may read pushes to refs/for/ and has a pull request without a
  // fork, whose runs have no secrets; all that tells it apart is that its head's label is empty
  private static boolean isWithoutBranch(JsonNode head) {
    return head.path("label").isString() && head.path("label").asString().isEmpty();
  }

  private static Set<String> labels(JsonNode labels) {
    var names = new HashSet<String>();
    for (JsonNode label : labels) {
      if (label.at("/name").isString()) {
        names.add(label.at("/name").asString());
      }
    }
    return names;
  }
}
