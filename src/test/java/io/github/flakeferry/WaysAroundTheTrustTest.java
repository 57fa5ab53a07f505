package io.github.flakeferry;

import static io.github.flakeferry.AttackedRun.pullRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.actions.RunnerCommands;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.pipeline.Plan;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Attempts to have a fork's or a bot's pull request taken for one of the repository's own. */
final class WaysAroundTheTrustTest extends WaysAround {
  private static final List<String> UPDATES =
      List.of("opened", "reopened", "synchronize", "ready_for_review", "labeled");
  private static final List<String> ENDS = List.of("closed", "converted_to_draft", "unlabeled");

  private static Arguments disguise(String what, Consumer<ObjectNode> pull) {
    return Arguments.of(what, pull);
  }

  /** What makes a pull request one of a fork, and looks as if it did not. */
  static Stream<Arguments> disguises() {
    return Stream.of(
        disguise("another repository", pull -> repo(pull).put("id", 2)),
        disguise("says it is no fork", pull -> repo(pull).put("id", 2).put("fork", false)),
        disguise(
            "a fork with the default branch's name",
            pull -> {
              repo(pull).put("id", 2).put("default_branch", "main");
              pull.withObject("/head").put("ref", "main").put("label", "owner:main");
            }),
        disguise("the number as a text", pull -> repo(pull).put("id", "1")),
        disguise("a number with a fraction", pull -> repo(pull).put("id", 1.5)),
        disguise("a number that wraps around", pull -> repo(pull).put("id", (1L << 32) + 1)),
        disguise("no number", pull -> repo(pull).remove("id")),
        disguise("a deleted repository", pull -> pull.withObject("/head").putNull("repo")),
        disguise("no repository", pull -> pull.withObject("/head").remove("repo")),
        disguise(
            "the base says it is the head",
            pull -> {
              repo(pull).put("id", 2);
              pull.withObject("/base/repo").put("id", 2);
            }),
        disguise(
            "an owner's",
            pull -> {
              repo(pull).put("id", 2);
              pull.put("author_association", "OWNER").put("maintainer_can_modify", true);
            }),
        disguise(
            "with another label",
            pull -> {
              repo(pull).put("id", 2);
              pull.withArray("/labels").addObject().put("name", "preview-please");
            }),
        disguise("Dependabot's", pull -> user(pull).put("login", "dependabot[bot]")),
        disguise("Dependabot's in capitals", pull -> user(pull).put("login", "Dependabot[Bot]")));
  }

  private static ObjectNode repo(ObjectNode pull) {
    return pull.withObject("/head/repo");
  }

  private static ObjectNode user(ObjectNode pull) {
    return pull.withObject("/user");
  }

  private static ObjectNode disguised(String action, GitRevision head, Consumer<ObjectNode> as) {
    var payload = pullRequest(action, 7, head);
    payload.putObject("label").put("name", "preview");
    if (!action.equals("unlabeled")) {
      payload.withArray("/pull_request/labels").addObject().put("name", "preview");
    }
    as.accept((ObjectNode) payload.path("pull_request"));
    return payload;
  }

  @Attempt(to = "to look as if it were no fork's, or no bot's", got = "a build without secrets")
  @ParameterizedTest(name = "{0}")
  @MethodSource("disguises")
  void aForkInDisguise(String what, Consumer<ObjectNode> as) throws IOException {
    labelled();
    for (String action : UPDATES) {
      assertThat(run.plan("pull_request", disguised(action, head, as)))
          .as(action)
          .isInstanceOfSatisfying(
              Plan.BuildOnly.class,
              plan -> assertThat(plan.why()).contains("without secrets", "nor deployed"));
    }
  }

  @Attempt(to = "the same, in the job that deploys", got = "refused")
  @ParameterizedTest(name = "{0}")
  @MethodSource("disguises")
  void aForkInTheSecondOfTwoJobs(String what, Consumer<ObjectNode> as) throws IOException {
    labelled();
    var done = run.deploy("pull_request", disguised("opened", head, as));
    assertThat(done.verdict().exitCode()).as(done.log()).isEqualTo(11);
    assertThat(done.summary()).contains("there is nothing to deploy", "without secrets");
  }

  /** Whose run has no key with which a board could be given back: it must not fail for that. */
  @Attempt(to = "the same, when it is closed", got = "nothing")
  @ParameterizedTest(name = "{0}")
  @MethodSource("disguises")
  void theEndOfAFork(String what, Consumer<ObjectNode> as) throws IOException {
    labelled();
    for (String action : ENDS) {
      var done = run.run("pull_request", disguised(action, head, as));
      assertThat(done.verdict().exitCode()).as(done.log()).isZero();
      assertThat(done.summary()).contains("comes from a fork or a bot, whose runs have no secrets");
    }
  }

  // so that labels mean something, too
  private void labelled() throws IOException {
    var files = AttackedRun.files("with a label");
    String policy = AttackedRun.POLICY.replace("lease: 24h", "label: preview");
    files.put("flakeferry.yml", io.github.flakeferry.source.HostileRepository.Entry.text(policy));
    run.repository.push(AttackedRun.MAIN, files);
  }

  @Attempt(to = "a bot's run of somebody else's pull request", got = "a build without secrets")
  @ParameterizedTest
  @CsvSource({
    "GITHUB_ACTOR, dependabot[bot]",
    "GITHUB_TRIGGERING_ACTOR, dependabot[bot]",
    "GITHUB_ACTOR, DEPENDABOT[bot]"
  })
  void aRunThatABotStarted(String variable, String login) throws IOException {
    run.with("GITHUB_ACTOR", "somebody").with(variable, login);
    assertThat(run.plan("pull_request", pullRequest("synchronize", 7, head)))
        .isInstanceOf(Plan.BuildOnly.class);
  }

  @Attempt(
      to = "an event whose run has secrets, like `pull_request_target` or a comment",
      got = "nothing")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull_request_target",
        "workflow_run",
        "issue_comment",
        "pull_request_review",
        "pull_request_review_comment",
        "repository_dispatch",
        "check_suite",
        "deployment",
        "Pull_Request",
        "PULL_REQUEST",
        "pull_request_Target"
      })
  void anEventWhoseRunHasSecrets(String event) throws IOException {
    for (long repository : new long[] {1, 2}) {
      var payload = pullRequest("opened", 7, head);
      payload.withObject("/pull_request/head/repo").put("id", repository);
      payload.put("ref", AttackedRun.MAIN).put("after", head.value());
      payload.putObject("inputs").put("pull-request", "7").put("commit", head.value());
      payload.putObject("workflow_run").put("head_sha", head.value()).put("head_branch", "main");
      payload.putObject("comment").put("body", "/deploy preview");
      assertThat(run.plan(event, payload)).isInstanceOf(Plan.Nothing.class);
    }
  }

  @Attempt(
      to = "a label or branch whose name is a command for the runner, or Markdown",
      got = "its name is shown as a name")
  @Test
  void aNameThatIsACommand() throws IOException {
    String name = "x\n::error::forged\r##[error]forged <img src=x> @octocat";
    var labeled = pullRequest("labeled", 7, head);
    labeled.putObject("label").put("name", name);
    labeled.withObject("/pull_request").putArray("labels").addObject().put("name", name);
    var deleted = AttackedRun.push("refs/heads/" + name, head).put("deleted", true);
    var pushed = AttackedRun.push("refs/heads/" + name, head);
    assertHarmless(run.run("pull_request", labeled));
    assertHarmless(run.run("push", deleted));
    assertHarmless(run.run("push", pushed));
  }

  private static void assertHarmless(AttackedRun.Done done) {
    assertThat(done.log()).contains("forged");
    assertThat(RunnerCommands.in(done.log())).noneMatch(command -> command.contains("forged"));
    assertThat(done.summary().lines().filter(line -> line.contains("forged")))
        .singleElement()
        .asString()
        .matches("`[^`]*::error::forged ##\\[error][^`]*<img src=x> @octocat[^`]*\\.`");
  }
}
