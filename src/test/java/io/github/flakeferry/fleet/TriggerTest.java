package io.github.flakeferry.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.Repository;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TriggerTest {
  @ParameterizedTest
  @CsvSource({
    "main, main, true",
    "main, main2, false",
    "main, Main, false",
    "v*, v1.2, true",
    "v*, v, true",
    "v*, v1/rc, false",
    "release/*, release/1, true",
    "release/*, release/1/x, false",
    "release/**, release/1/x, true",
    "**, a/b/c, true",
    "**/x, a/b/x, true",
    "**/x, x, false",
    "v?.x, v1.x, true",
    "v?.x, v/.x, false",
    "*-*, a-b, true",
    "*-*, ab, false",
    "a.b, axb, false"
  })
  void aStarStopsAtASlash(String pattern, String branch, boolean matches) {
    assertThat(new Trigger.Push(List.of("other", pattern)).matchesBranch(branch))
        .isEqualTo(matches);
    assertThat(new Trigger.Tag(List.of(pattern)).matchesTag(branch)).isEqualTo(matches);
  }

  @Test
  void eachTriggerMatchesItsOwnEventsOnly() {
    Trigger push = new Trigger.Push(List.of("**"));
    Trigger tag = new Trigger.Tag(List.of("**"));
    Trigger pullRequest = new Trigger.PullRequest();
    assertThat(push.matchesTag("v1")).isFalse();
    assertThat(push.matchesPullRequest()).isFalse();
    assertThat(tag.matchesBranch("main")).isFalse();
    assertThat(tag.matchesPullRequest()).isFalse();
    assertThat(pullRequest.matchesBranch("main")).isFalse();
    assertThat(pullRequest.matchesTag("v1")).isFalse();
    assertThat(pullRequest.matchesPullRequest()).isTrue();
  }

  @Test
  void anEventIsMatchedByItsBranchTagOrPullRequest() {
    var repository =
        new Repository("owner/name", URI.create("https://example.org/owner/name"), "main");
    var commit = new GitRevision("0123456789abcdef0123456789abcdef01234567");
    var branch = new Event.BranchPushed(repository, "main", commit);
    var tag = new Event.TagPushed(repository, "v1", commit);
    var closed =
        new Event.PullRequestClosed(
            repository,
            new PullRequest(
                7, commit, "topic", PullRequest.HeadTrust.SAME_REPOSITORY, false, Set.of()));

    Trigger push = new Trigger.Push(List.of("main"));
    assertThat(push.matches(branch)).isTrue();
    assertThat(push.matches(tag)).isFalse();
    assertThat(new Trigger.Tag(List.of("v*")).matches(tag)).isTrue();
    assertThat(new Trigger.Release(List.of("v*"), false).matches(tag)).isFalse();
    var release = new Event.ReleasePublished(repository, "v1", commit, false);
    assertThat(new Trigger.Release(List.of("v*"), false).matches(release)).isTrue();
    assertThat(new Trigger.Release(List.of("v*"), true).matches(release)).isFalse();
    assertThat(new Trigger.Tag(List.of("v*")).matches(release)).isFalse();
    assertThat(push.matches(new Event.MergeQueued(repository, "main", "refs/x", commit))).isTrue();
    assertThat(new Trigger.PullRequest().matches(closed)).isTrue();
    assertThat(new Trigger.PullRequest().matches(branch)).isFalse();
    assertThat(push.matches(new Event.Meaningless(repository, "deleted"))).isFalse();
  }
}
