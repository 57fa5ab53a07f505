package io.github.flakeferry.fleet;

import io.github.flakeferry.model.Event;
import java.util.List;

/**
 * What deploys to an environment. In patterns {@code *} is any text without a slash, {@code **} any
 * text.
 */
public sealed interface Trigger {
  /** A branch got a new tip: {@code push: [main, "release/*"]}. */
  record Push(List<String> branches) implements Trigger {
    public Push {
      branches = List.copyOf(branches);
    }
  }

  /** A tag was pushed: {@code tag: "v*"}. */
  record Tag(List<String> patterns) implements Trigger {
    public Tag {
      patterns = List.copyOf(patterns);
    }
  }

  /**
   * A release was published: {@code release: "v*"} or {@code prerelease: "v*-rc*"}.
   *
   * @param patterns of its tag
   * @param preRelease whether it is one that its author calls a pre-release
   */
  record Release(List<String> patterns, boolean preRelease) implements Trigger {
    public Release {
      patterns = List.copyOf(patterns);
    }
  }

  /** A pull request was opened, changed or closed. */
  record PullRequest() implements Trigger {}

  /** Whether an event is what deploys, or, where a pull request was closed, what gives back. */
  default boolean matches(Event event) {
    return switch (event) {
      case Event.BranchPushed pushed -> matchesBranch(pushed.branch());
      case Event.TagPushed pushed -> matchesTag(pushed.tag());
      case Event.ReleasePublished release ->
          this instanceof Release(var patterns, var preRelease)
              && preRelease == release.preRelease()
              && any(patterns, release.tag());
      // what is merged will be a push to the branch
      case Event.MergeQueued queued -> matchesBranch(queued.branch());
      case Event.PullRequestUpdated _,
          Event.PullRequestDrafted _,
          Event.PullRequestLabeled _,
          Event.PullRequestClosed _ ->
          matchesPullRequest();
      // chosen by name, or all
      case Event.Dispatched _, Event.Scheduled _ -> true;
      case Event.Meaningless _ -> false;
    };
  }

  /** Whether a push to a branch deploys; {@code branch} without {@code refs/heads/}. */
  default boolean matchesBranch(String branch) {
    return this instanceof Push(var branches) && any(branches, branch);
  }

  /** Whether a tag deploys; {@code tag} without {@code refs/tags/}. */
  default boolean matchesTag(String tag) {
    return this instanceof Tag(var patterns) && any(patterns, tag);
  }

  /** Whether a push to a branch deploys, or a tag or its release; {@code ref} in full. */
  default boolean matchesRef(String ref) {
    return switch (this) {
      case Push(var branches) ->
          ref.startsWith("refs/heads/") && any(branches, ref.substring("refs/heads/".length()));
      case Tag(var patterns) ->
          ref.startsWith("refs/tags/") && any(patterns, ref.substring("refs/tags/".length()));
      case Release(var patterns, var _) ->
          ref.startsWith("refs/tags/") && any(patterns, ref.substring("refs/tags/".length()));
      case PullRequest() -> false;
    };
  }

  /** Whether a pull request deploys: whether this is a preview environment's trigger. */
  default boolean matchesPullRequest() {
    return this instanceof PullRequest;
  }

  /**
   * Whether it has this very branch or tag in it, not merely a pattern that fits.
   *
   * @param ref in full: a tag that is called like a branch is another ref, made by somebody else
   */
  default boolean names(String ref) {
    return switch (this) {
      case Push(var branches) -> branches.stream().map("refs/heads/"::concat).anyMatch(ref::equals);
      case Tag(var patterns) -> patterns.stream().map("refs/tags/"::concat).anyMatch(ref::equals);
      case Release(var patterns, var _) ->
          patterns.stream().map("refs/tags/"::concat).anyMatch(ref::equals);
      case PullRequest() -> false;
    };
  }

  private static boolean any(List<String> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> new Glob(pattern).matches(name));
  }
}
