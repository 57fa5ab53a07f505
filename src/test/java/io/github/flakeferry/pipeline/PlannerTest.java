package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Event.HeadTrust;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Repository;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What each event means. */
final class PlannerTest {
  private static final GitRevision COMMIT =
      new GitRevision("0123456789abcdef0123456789abcdef01234567");
  private static final Repository REPOSITORY =
      new Repository("octo/boards", URI.create("https://git.example.org/octo/boards"), "main");
  private static final Policy POLICY =
      PolicyReader.read(
          "flakeferry.yml",
          """
          boards:
            a: { host: a.lan, host-key: "%1$s", tags: [staging] }
            b: { host: b.lan, host-key: "%1$s", tags: [production, canary] }
            c: { host: c.lan, host-key: "%1$s", tags: [production] }
            d: { host: d.lan, host-key: "%1$s", tags: [production] }
            e: { host: e.lan, host-key: "%1$s", tags: [production] }
            p: { host: p.lan, host-key: "%1$s", tags: [preview], configuration: unmatched }
          environments:
            staging: { on: { push: main }, boards: staging }
            production:
              on: { release: "v*" }
              boards: production
              waves: [canary, "50%%", rest]
            nightly: { on: { tag: nightly }, boards: production, action: boot }
            preview: { on: pull_request, boards: preview }
          """
              .formatted(
                  "ssh-ed25519"
                      + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"));

  @Test
  void aPushToTheBranchOfAnEnvironmentSwitchesItsBoards() {
    var plan = deploy(new Event.BranchPushed(REPOSITORY, "main", COMMIT));
    assertThat(plan.source()).isEqualTo(new Plan.Content(COMMIT, "refs/heads/main", false));
    assertThat(plan.boards())
        .extracting(b -> b.board().name().value(), b -> b.action())
        .containsExactly(org.assertj.core.groups.Tuple.tuple("a", BoardAction.SWITCH));
  }

  @Test
  void anEnvironmentSaysWhatIsDone() {
    var plan = deploy(new Event.TagPushed(REPOSITORY, "nightly", COMMIT));
    assertThat(plan.boards()).hasSize(4).allMatch(b -> b.action() == BoardAction.BOOT);
  }

  @Test
  void aPushToAnotherBranchIsNothing() {
    assertThat(plan(new Event.BranchPushed(REPOSITORY, "docs", COMMIT)))
        .isEqualTo(new Plan.Nothing("a push to docs deploys to no environment of the policy"));
  }

  @Test
  void aTagGoesOutInWavesAndMustBeOnTheDefaultBranch() {
    var plan = deploy(new Event.TagPushed(REPOSITORY, "v1.2", COMMIT));
    assertThat(plan.source().mustBeOnDefaultBranch()).isTrue();
    assertThat(plan.boards())
        .extracting(b -> b.board().name().value() + b.wave())
        .containsExactly("b0", "c1", "d1", "e2");
  }

  @Test
  void aPullRequestOfTheRepositoryTriesAPreviewBoard() {
    var event =
        new Event.PullRequestUpdated(REPOSITORY, 12, COMMIT, "topic", HeadTrust.SAME_REPOSITORY);
    assertThat(plan(event))
        .isInstanceOfSatisfying(
            Plan.Preview.class,
            preview -> {
              assertThat(preview.pullRequest()).isEqualTo(12);
              assertThat(preview.source().ref()).isEqualTo("refs/pull/12/head");
              assertThat(preview.candidates())
                  .extracting(b -> b.configuration())
                  .containsExactly("unmatched");
            });
  }

  @Test
  void anUntrustedPullRequestIsBuiltAndNothingElse() {
    var event = new Event.PullRequestUpdated(REPOSITORY, 12, COMMIT, "main", HeadTrust.UNTRUSTED);
    assertThat(plan(event))
        .isInstanceOfSatisfying(
            Plan.BuildOnly.class,
            build -> {
              assertThat(build.configurations()).containsExactly("unmatched");
              assertThat(build.why()).contains("neither published nor deployed");
            });
    assertThat(plan(new Event.PullRequestClosed(REPOSITORY, 12, COMMIT, HeadTrust.UNTRUSTED)))
        .isInstanceOf(Plan.Nothing.class);
  }

  @Test
  void aClosedPullRequestGivesItsBoardBackAndIsNoPush() {
    assertThat(plan(new Event.PullRequestClosed(REPOSITORY, 12, COMMIT, HeadTrust.SAME_REPOSITORY)))
        .isInstanceOfSatisfying(
            Plan.GiveBack.class, back -> assertThat(back.pullRequest()).isEqualTo(12));
  }

  @Test
  void inputsNarrowAndNeverWiden() {
    var tag = new Event.TagPushed(REPOSITORY, "v1.2", COMMIT);
    var onlyC = new Narrowing(Optional.empty(), Optional.of(Selector.parse("c | a | p")));
    assertThat(Planner.plan(tag, POLICY, onlyC))
        .isInstanceOfSatisfying(
            Plan.Deploy.class,
            plan ->
                assertThat(plan.boards())
                    .extracting(b -> b.board().name().value())
                    .containsExactly("c"));
    var staging = new Narrowing(Optional.of("staging"), Optional.empty());
    assertThat(Planner.plan(tag, POLICY, staging)).isInstanceOf(Plan.Nothing.class);
  }

  @Test
  void theSameInputGivesTheSamePlan() {
    var event = new Event.TagPushed(REPOSITORY, "v1.2", COMMIT);
    assertThat(PlanJson.render(plan(event))).isEqualTo(PlanJson.render(plan(event)));
    assertThat(PlanJson.render(plan(event))).contains("\"kind\":\"deploy\"", "\"wave\":2");
  }

  private static Plan plan(Event event) {
    return Planner.plan(event, POLICY, Narrowing.NONE);
  }

  private static Plan.Deploy deploy(Event event) {
    return (Plan.Deploy) plan(event);
  }
}
