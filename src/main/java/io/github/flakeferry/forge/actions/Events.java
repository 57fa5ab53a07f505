package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.EventUnreadable;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Event.BranchPushed;
import io.github.flakeferry.model.Event.Dispatched;
import io.github.flakeferry.model.Event.Meaningless;
import io.github.flakeferry.model.Event.MergeQueued;
import io.github.flakeferry.model.Event.PullRequestClosed;
import io.github.flakeferry.model.Event.PullRequestDrafted;
import io.github.flakeferry.model.Event.PullRequestLabeled;
import io.github.flakeferry.model.Event.PullRequestUpdated;
import io.github.flakeferry.model.Event.ReleasePublished;
import io.github.flakeferry.model.Event.Scheduled;
import io.github.flakeferry.model.Event.TagPushed;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.Repository;
import java.util.List;
import java.util.Optional;

/** What a run was started by. */
final class Events {
  private static final String BRANCH = "refs/heads/";
  private static final String TAG = "refs/tags/";

  private final Variables variables;
  private final Payload payload;
  private final Dialect dialect;

  private Events(Variables variables, Payload payload, Dialect dialect) {
    this.variables = variables;
    this.payload = payload;
    this.dialect = dialect;
  }

  /**
   * Reads the event file.
   *
   * @throws EventUnreadable if there is none, or it is no such event
   */
  static Event read(Variables variables, Dialect dialect) {
    String name = variables.needed("GITHUB_EVENT_NAME");
    var payload = Payload.read(variables.file("GITHUB_EVENT_PATH"), name);
    return new Events(variables, payload, dialect).event(name);
  }

  /** What the branch or the pull request had before, where the event says so. */
  static Optional<GitRevision> before(Variables variables) {
    return Payload.read(variables.file("GITHUB_EVENT_PATH"), variables.needed("GITHUB_EVENT_NAME"))
        .text("before")
        // of a new branch: nothing but zeros
        .filter(text -> text.matches("[0-9a-f]{40}") && !text.matches("0+"))
        .map(GitRevision::new);
  }

  // GITHUB_REF is never asked for what happened: for a merged pull request it is the base branch
  private Event event(String name) {
    return switch (name) {
      case "push" -> push();
      case "pull_request" -> pullRequest();
      case "release" -> release();
      case "merge_group" -> mergeGroup();
      case "workflow_dispatch" -> dispatch();
      // such a run is always the default branch's
      case "schedule" -> new Scheduled(scheduledRepository(), runsCommit());
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
    return payload.at("head_commit").isObject()
        ? payload.neededCommit("head_commit.id")
        : runsCommit("head_commit");
  }

  private GitRevision runsCommit() {
    return runsCommit("GITHUB_SHA");
  }

  private GitRevision runsCommit(String otherwise) {
    String sha =
        variables
            .get("GITHUB_SHA")
            .orElseThrow(
                () ->
                    otherwise.equals("GITHUB_SHA")
                        ? EventUnreadable.missingVariables(List.of(otherwise))
                        : payload.bad(otherwise, "a commit"));
    try {
      return new GitRevision(sha);
    } catch (IllegalArgumentException e) {
      throw EventUnreadable.badVariable("GITHUB_SHA", "is no full commit id: '" + sha + "'");
    }
  }

  private Event pullRequest() {
    Repository repository = repository();
    PullRequest request = PullRequests.of(payload, variables.actors());
    String action = dialect.pullRequestAction(payload.neededText("action"), request.draft());
    return switch (action) {
      case "opened", "reopened", "synchronize", "ready_for_review" ->
          new PullRequestUpdated(repository, request);
      case "converted_to_draft" -> new PullRequestDrafted(repository, request);
      case "labeled", "unlabeled" ->
          new PullRequestLabeled(repository, request, payload.text("label.name"));
      case "closed" -> new PullRequestClosed(repository, request);
      default ->
          nothing("there is nothing to do when a pull request is " + action.replace('_', ' '));
    };
  }

  private Event release() {
    Repository repository = repository();
    String action = payload.neededText("action");
    String tag = payload.neededText("release.tag_name");
    // the commit is not in the payload: target_commitish may be a branch that has moved on
    return action.equals("published")
        ? new ReleasePublished(repository, tag, runsCommit(), payload.isTrue("release.prerelease"))
        : nothing("there is nothing to do when a release is " + action);
  }

  private Event mergeGroup() {
    Repository repository = repository();
    String action = payload.neededText("action");
    if (!action.equals("checks_requested")) {
      return nothing("there is nothing to do when a merge group is " + action);
    }
    String base = payload.neededText("merge_group.base_ref");
    return new MergeQueued(
        repository,
        base.startsWith(BRANCH) ? base.substring(BRANCH.length()) : base,
        payload.neededText("merge_group.head_ref"),
        payload.neededCommit("merge_group.head_sha"));
  }

  private Event dispatch() {
    Repository repository = repository();
    String ref = payload.neededText("ref");
    return new Dispatched(
        repository, ref.startsWith("refs/") ? ref : BRANCH + ref, runsCommit(), Wishes.of(payload));
  }

  private Repository scheduledRepository() {
    return variables.repository(
        payload
            .text("repository.default_branch")
            .or(
                () ->
                    variables
                        .get("GITHUB_REF")
                        .filter(ref -> ref.startsWith(BRANCH))
                        .map(ref -> ref.substring(BRANCH.length())))
            .orElse("HEAD"));
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
