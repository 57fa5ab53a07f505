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

  /** A tag was pushed: {@code release: "v*"} or {@code tag: "v*"}. */
  record Tag(List<String> patterns) implements Trigger {
    public Tag {
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
      case Event.PullRequestUpdated updated -> matchesPullRequest();
      case Event.PullRequestClosed closed -> matchesPullRequest();
      case Event.Meaningless nothing -> false;
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

  /** Whether a pull request deploys: whether this is a preview environment's trigger. */
  default boolean matchesPullRequest() {
    return this instanceof PullRequest;
  }

  private static boolean any(List<String> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> new Glob(pattern).matches(name));
  }
}
