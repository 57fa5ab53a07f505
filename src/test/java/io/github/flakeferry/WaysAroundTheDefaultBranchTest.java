package io.github.flakeferry;

import static io.github.flakeferry.AttackedRun.MAIN;
import static io.github.flakeferry.AttackedRun.files;
import static io.github.flakeferry.AttackedRun.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.pipeline.Plan;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Attempts to deploy what is not on the default branch, by pushes, tags, releases and by hand. */
final class WaysAroundTheDefaultBranchTest extends WaysAround {
  private static final String TOPIC = "refs/heads/topic";

  /** The run ends before anything of the commit is looked at. */
  private void refused(String event, ObjectNode payload) throws IOException {
    var done = run.run(event, payload);
    assertThat(done.verdict().reason()).as(done.log()).contains(FailureReason.REFUSED);
    assertThat(done.log()).doesNotContain("Check out");
  }

  private void misused(ObjectNode payload, String... words) {
    Failure failure =
        catchThrowableOfType(Failure.class, () -> run.plan("workflow_dispatch", payload));
    assertThat(failure).as("nothing is refused").isNotNull();
    assertThat(failure.reason()).as(failure.problem()).isEqualTo(FailureReason.USAGE);
    assertThat(failure.problem()).contains(words);
  }

  @Attempt(
      to = "a branch or tag that fits the policy, on a commit that is not on the default branch",
      got = "refused")
  @ParameterizedTest
  @CsvSource({
    "refs/heads/try/x",
    "refs/heads/try/maintenance",
    "refs/heads/try/--upload-pack=touch${IFS}x",
    "refs/tags/n1",
    "refs/tags/n/../../heads/main",
    "refs/tags/nightly-2"
  })
  void aRefThatFitsOnAnotherCommit(String ref) throws IOException {
    if (ref.contains("..")) { // a name that Git takes for none
      assertThat(run.plan("push", push(ref, head))).isInstanceOf(Plan.Nothing.class);
      return;
    }
    run.repository.point(ref, head);
    refused("push", push(ref, head));
  }

  @Attempt(
      to = "a branch that one environment names, to another one whose pattern it fits",
      got = "the first one only, till it is merged")
  @Test
  void aRefThatOneEnvironmentNamesAndAnotherOnesPatternFits() throws IOException {
    String ref = "refs/heads/try/next";
    run.repository.point(ref, head);
    assertThat(environments(ref, head)).containsExactly("rehearsal");
    assertThat(run.run("push", push(ref, head)).log())
        .contains("maintenance is left out: ", " of refs/heads/try/next is not on main. Merge it");
    run.environmentInput("maintenance");
    refused("push", push(ref, head));
  }

  @Attempt(to = "the same once it is merged", got = "both")
  @Test
  void theSameRefOnceItIsMerged() throws IOException {
    String ref = "refs/heads/try/next";
    run.repository.point(ref, run.main);
    assertThat(environments(ref, run.main)).containsExactly("maintenance", "rehearsal");
  }

  private List<String> environments(String ref, GitRevision commit) throws IOException {
    var plan = (Plan.Deploy) run.plan("push", push(ref, commit));
    return plan.boards().stream().map(b -> b.environment().name()).distinct().toList();
  }

  @Attempt(to = "a branch or tag that is called almost like one that deploys", got = "nothing")
  @ParameterizedTest
  @CsvSource({
    "refs/heads/Main",
    "refs/heads/refs/heads/main",
    "refs/tags/main",
    "refs/tags/maintenance",
    "refs/heads/nightly",
    "refs/heads/n1",
    "refs/heads/v1",
    "refs/pull/7/head",
    "refs/notes/main",
    "refs/heads/main/x"
  })
  void aRefThatIsCalledLikeAnother(String ref) throws IOException {
    assertThat(run.plan("push", push(ref, head))).isInstanceOf(Plan.Nothing.class);
  }

  @Attempt(to = "a release of such a commit", got = "refused")
  @Test
  void aReleaseOfAnotherCommit() throws IOException {
    run.repository.point("refs/tags/v1", head);
    refused("release", run.release("v1", head));
  }

  @Attempt(to = "a merge into another branch, taken for a push", got = "its preview is given back")
  @Test
  void aMergedPullRequestOfAnotherBranchIsNoPush() throws IOException {
    var payload = AttackedRun.pullRequest("closed", 7, head);
    payload.withObject("/pull_request").put("merged", true);
    run.with("GITHUB_REF", MAIN).with("GITHUB_SHA", head.value());
    assertThat(run.plan("pull_request", payload)).isInstanceOf(Plan.GiveBack.class);
  }

  @Attempt(to = "production by hand, by another branch's workflow", got = "refused")
  @Test
  void anotherBranchsWorkflowByHand() throws IOException {
    run.repository.point(TOPIC, head);
    refused("workflow_dispatch", run.dispatch(TOPIC, head, "environment", "production"));
  }

  @Attempt(
      to = "the same, by one that is called like the one that the policy names",
      got = "refused")
  @ParameterizedTest
  @CsvSource({
    // the policy names a tag so, and a branch so
    "refs/heads/nightly, nightly",
    "refs/tags/maintenance, maintenance",
    "refs/heads/refs/heads/main, production",
    "refs/heads/Main, production",
    "refs/tags/main, production"
  })
  void aRefThatIsCalledLikeTheOneThatThePolicyNames(String ref, String environment)
      throws IOException {
    run.repository.point(ref, head);
    refused("workflow_dispatch", run.dispatch(ref, head, "environment", environment));
  }

  @Attempt(to = "production by hand, with a commit's id", got = "refused")
  @Test
  void aCommitByItsIdByHand() throws IOException {
    refused(
        "workflow_dispatch",
        run.dispatch(MAIN, run.main, "environment", "production", "ref", head.value()));
    refused(
        "workflow_dispatch",
        run.dispatch(MAIN, run.main, "environment", "maintenance", "ref", head.value()));
    misused(
        run.dispatch(MAIN, run.main, "environment", "production", "commit", head.value()),
        "input commit",
        head.value());
  }

  @Attempt(
      to = "a branch that is called like a commit of the default branch",
      got = "the commit, not the branch")
  @Test
  void aBranchThatIsCalledLikeACommit() throws IOException {
    run.repository.point("refs/heads/" + run.main, head);
    var payload =
        run.dispatch(MAIN, run.main, "environment", "production", "ref", run.main.value());
    assertThat(run.plan("workflow_dispatch", payload).commit()).contains(run.main);
    refused(
        "workflow_dispatch",
        run.dispatch(
            MAIN, run.main, "environment", "production", "ref", "refs/heads/" + run.main.value()));
  }

  @Attempt(to = "production by hand, with a pull request's ref", got = "refused")
  @Test
  void aPullRequestsRefByHand() throws IOException {
    refused(
        "workflow_dispatch",
        run.dispatch(MAIN, run.main, "environment", "production", "ref", "refs/pull/7/head"));
  }

  @Attempt(to = "a ref that is an option, a command or an expression", got = "refused")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--upload-pack=touch pwned",
        "-oProxyCommand=touch pwned",
        "main..topic",
        "@{-1}",
        "@",
        "HEAD",
        "main^{/second}",
        "main~1",
        "+main",
        "main:refs/flakeferry/tip",
        "refs/heads/*",
        "*",
        "refs/heads/../../HEAD",
        "refs/flakeferry/tip",
        "pull/7/head",
        "main\n::error::forged",
        "6113728f"
      })
  void aRefThatIsNoBranchOrTag(String ref) {
    misused(
        run.dispatch(MAIN, run.main, "environment", "production", "ref", ref),
        "no branch or tag '");
  }

  /** All that somebody needs for a pull request, but for the one thing that is wrong. */
  private ObjectNode preview(String ref, String number, String commit, String... more) {
    var all = new String[4 + more.length];
    all[0] = "pull-request";
    all[1] = number;
    all[2] = "commit";
    all[3] = commit;
    System.arraycopy(more, 0, all, 4, more.length);
    return run.dispatch(ref, ref.equals(MAIN) ? run.main : head, all);
  }

  @Attempt(
      to = "to push once more after somebody looked at it and asked for its preview",
      got = "refused")
  @Test
  void aPullRequestsHeadThatIsNotThePresentOne() throws IOException {
    GitRevision seen = head;
    assertThat(run.plan("workflow_dispatch", preview(MAIN, "7", seen.value())))
        .isInstanceOf(Plan.Preview.class);
    GitRevision present = run.head(7);
    run.repository.push("refs/pull/7/head", files("pushed after it was looked at"));
    refused("workflow_dispatch", preview(MAIN, "7", seen.value()));
    refused("workflow_dispatch", preview(MAIN, "7", present.value()));
    refused("workflow_dispatch", preview(MAIN, "8", seen.value()));
    GitRevision other = run.head(8);
    refused("workflow_dispatch", preview(MAIN, "7", other.value()));
    refused("workflow_dispatch", preview(MAIN, "7", run.main.value()));
  }

  @Attempt(to = "a preview by hand of a commit that is not named in full", got = "refused")
  @Test
  void aHeadThatIsNotNamedInFull() {
    String full = head.value();
    for (String commit :
        new String[] {
          full.substring(0, 39),
          full.substring(0, 8),
          full.toUpperCase(Locale.ROOT).replaceAll("[0-9]", "A"),
          "refs/pull/7/head",
          "HEAD",
          full + "^",
          full + "\n" + full
        }) {
      misused(preview(MAIN, "7", commit), "inputs.commit should be a full commit id");
    }
    misused(run.dispatch(MAIN, run.main, "pull-request", "7"), "input commit");
  }

  @Attempt(to = "a preview by hand, by another workflow than the default branch's", got = "refused")
  @Test
  void aPullRequestByAnotherWorkflowThanTheDefaultBranchs() throws IOException {
    for (String ref :
        new String[] {
          TOPIC,
          "refs/heads/Main",
          "refs/heads/maintenance",
          "refs/heads/refs/heads/main",
          "refs/tags/main",
          "refs/tags/refs/heads/main",
          "refs/pull/7/merge",
          "refs/heads/main "
        }) {
      misused(preview(ref, "7", head.value()), "only by the workflow of main");
      misused(preview(ref, "7", head.value(), "ref", "main"), "only by the workflow of main");
    }
  }

  @Attempt(to = "a preview by hand on a production board", got = "refused, or no board")
  @Test
  void aPullRequestOnABoardThatIsNotForThem() throws IOException {
    misused(preview(MAIN, "7", head.value(), "environment", "production"), "not for pull requests");
    misused(
        preview(MAIN, "7", head.value(), "boards", "prod-1"),
        "the input boards: no board of preview matches 'prod-1'");
    var plan =
        (Plan.Preview)
            run.plan(
                "workflow_dispatch",
                preview(MAIN, "7", head.value(), "boards", "prod-1 | lab-1", "action", "switch"));
    assertThat(plan.pools().getFirst().boards())
        .extracting(b -> b.name().value())
        .containsExactly("lab-1");
  }

  @Attempt(to = "a number that is none, or a path", got = "refused")
  @ParameterizedTest
  @ValueSource(strings = {"07", "0", "-7", "7a", "7 8", "../7", "7/head", "1e1", "7.0"})
  void aPullRequestThatIsNoNumber(String number) {
    misused(preview(MAIN, number, head.value()), "inputs.pull-request");
  }
}
