package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.EventUnreadable;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Event.BranchPushed;
import io.github.flakeferry.model.Event.HeadTrust;
import io.github.flakeferry.model.Event.Meaningless;
import io.github.flakeferry.model.Event.PullRequestClosed;
import io.github.flakeferry.model.Event.PullRequestUpdated;
import io.github.flakeferry.model.Event.TagPushed;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Repository;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What a run was started by. */
final class Events {
  private static final String BRANCH = "refs/heads/";
  private static final String TAG = "refs/tags/";
  private static final String DEPENDABOT = "dependabot[bot]";

  private final Variables variables;
  private final Payload payload;

  private Events(Variables variables, Payload payload) {
    this.variables = variables;
    this.payload = payload;
  }

  /**
   * Reads the event file.
   *
   * @throws EventUnreadable if there is none, or it is no such event
   */
  static Event read(Variables variables) {
    String name = variables.needed("GITHUB_EVENT_NAME");
    var payload = Payload.read(variables.file("GITHUB_EVENT_PATH"), name);
    return new Events(variables, payload).event(name);
  }

  // GITHUB_REF is never asked for what happened: for a merged pull request it is the base branch
  private Event event(String name) {
    return switch (name) {
      case "push" -> push();
      case "pull_request" -> pullRequest();
      // these run with the repository's secrets and the default branch's workflow, also for forks
      case "pull_request_target", "workflow_run", "issue_comment" ->
          nothing(
              "a run for the event "
                  + name
                  + " has the repository's secrets, so code of a fork is never built in one;"
                  + " use the event pull_request");
      case "create" -> nothing("a branch or tag was created, and its push is an event of its own");
      case "delete" ->
          nothing(
              "the " + textOr("ref_type", "branch") + " " + textOr("ref", "?") + " was deleted");
      default -> nothing("there is nothing to do for the event " + name);
    };
  }

  private Event push() {
    Repository repository = repository();
    String ref = payload.neededText("ref");
    boolean deleted = payload.isTrue("deleted");
    if (ref.startsWith(BRANCH)) {
      String branch = ref.substring(BRANCH.length());
      return deleted
          ? nothing("the branch " + branch + " was deleted")
          : new BranchPushed(repository, branch, payload.neededCommit("after"));
    }
    if (ref.startsWith(TAG)) {
      String tag = ref.substring(TAG.length());
      return deleted
          ? nothing("the tag " + tag + " was deleted")
          : new TagPushed(repository, tag, taggedCommit());
    }
    return nothing("a push to " + ref + " is neither to a branch nor to a tag");
  }

  // `after` is the tag object where the tag is annotated
  private GitRevision taggedCommit() {
    if (payload.at("head_commit").isObject()) {
      return payload.neededCommit("head_commit.id");
    }
    String sha = variables.get("GITHUB_SHA").orElseThrow(this::noCommit);
    try {
      return new GitRevision(sha);
    } catch (IllegalArgumentException e) {
      throw EventUnreadable.badVariable("GITHUB_SHA", "is no full commit id: '" + sha + "'");
    }
  }

  private EventUnreadable noCommit() {
    return payload.bad("head_commit", "a commit");
  }

  private Event pullRequest() {
    Repository repository = repository();
    String action = payload.neededText("action");
    long number = payload.neededNumber("pull_request.number");
    return switch (action) {
      case "opened", "reopened", "synchronize" ->
          new PullRequestUpdated(
              repository,
              number,
              payload.neededCommit("pull_request.head.sha"),
              payload.neededText("pull_request.head.ref"),
              trust());
      case "closed" ->
          new PullRequestClosed(
              repository, number, payload.neededCommit("pull_request.head.sha"), trust());
      default ->
          nothing("there is nothing to do when a pull request is " + action.replace('_', ' '));
    };
  }

  // same repository only where both ids say so: a deleted head repository is null
  private HeadTrust trust() {
    JsonNode head = payload.at("pull_request.head.repo.id");
    JsonNode own = payload.at("repository.id");
    boolean sameRepository =
        head.isIntegralNumber() && own.isIntegralNumber() && head.asLong() == own.asLong();
    boolean byDependabot =
        Stream.concat(
                Stream.of("pull_request.user.login", "sender.login")
                    .flatMap(field -> payload.text(field).stream()),
                variables.actors().stream())
            .anyMatch(DEPENDABOT::equalsIgnoreCase);
    return sameRepository && !byDependabot ? HeadTrust.SAME_REPOSITORY : HeadTrust.UNTRUSTED;
  }

  private Repository repository() {
    return variables.repository(payload.neededText("repository.default_branch"));
  }

  // some events have no repository in their payload; HEAD is its default branch for git, too
  private Meaningless nothing(String why) {
    return new Meaningless(variables.repository(textOr("repository.default_branch", "HEAD")), why);
  }

  private String textOr(String field, String otherwise) {
    return payload.text(field).orElse(otherwise);
  }
}
