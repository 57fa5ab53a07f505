package io.github.flakeferry.forge.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.forge.EventUnreadable;
import io.github.flakeferry.forge.github.GitHub;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import io.github.flakeferry.model.Wish;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventsTest {
  private static final Dialect DIALECT = new GitHub();
  private static final String COMMIT = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";
  private static final String TAG_OBJECT = "1111111111111111111111111111111111111111";
  private static final String REPOSITORY =
      "\"repository\":{\"id\":7,\"full_name\":\"owner/boards\",\"default_branch\":\"main\"}";

  @TempDir private Path folder;

  private Map<String, String> variables(String event, String payload) throws IOException {
    Path file = folder.resolve("event.json");
    Files.writeString(file, payload);
    var variables = new HashMap<String, String>();
    variables.put("GITHUB_EVENT_NAME", event);
    variables.put("GITHUB_EVENT_PATH", file.toString());
    variables.put("GITHUB_REPOSITORY", "owner/boards");
    variables.put("GITHUB_SERVER_URL", "https://forge.example");
    variables.put("GITHUB_RUN_ID", "42");
    variables.put("GITHUB_REF", "refs/heads/main");
    return variables;
  }

  private Event read(String event, String payload) throws IOException {
    return Events.read(new Variables(variables(event, payload)), DIALECT);
  }

  private static String push(String ref, String more) {
    return "{\"ref\":\"" + ref + "\",\"after\":\"" + COMMIT + "\"," + more + REPOSITORY + "}";
  }

  private static String pullRequest(String action, String headRepository, String login) {
    return """
        {"action":"%s","number":2,%s,"sender":{"login":"somebody"},
         "pull_request":{"number":2,"user":{"login":"%s"},"merged":true,"labels":[{"name":"preview: lab"}],
           "head":{"sha":"%s","ref":"feature","repo":%s}}}
        """
        .formatted(action, REPOSITORY, login, COMMIT, headRepository);
  }

  @Test
  void readsAPushToABranch() throws IOException {
    assertThat(read("push", push("refs/heads/feature/x", "\"deleted\":false,")))
        .isInstanceOfSatisfying(
            Event.BranchPushed.class,
            e -> {
              assertThat(e.branch()).isEqualTo("feature/x");
              assertThat(e.commit()).isEqualTo(new GitRevision(COMMIT));
              assertThat(e.repository().defaultBranch()).isEqualTo("main");
              assertThat(e.repository().url())
                  .isEqualTo(URI.create("https://forge.example/owner/boards.git"));
            });
  }

  @Test
  void takesTheCommitBehindAnAnnotatedTag() throws IOException {
    String payload =
        push("refs/tags/v1", "\"head_commit\":{\"id\":\"" + COMMIT + "\"},")
            .replaceFirst("\"after\":\"" + COMMIT, "\"after\":\"" + TAG_OBJECT);
    assertThat(read("push", payload))
        .isInstanceOfSatisfying(
            Event.TagPushed.class,
            e -> {
              assertThat(e.tag()).isEqualTo("v1");
              assertThat(e.commit()).isEqualTo(new GitRevision(COMMIT));
            });
  }

  @Test
  void takesTheRunsCommitForATagWithoutOne() throws IOException {
    var variables = variables("push", push("refs/tags/v1", "\"head_commit\":null,"));
    assertThatThrownBy(() -> Events.read(new Variables(variables), DIALECT))
        .isInstanceOf(EventUnreadable.class)
        .hasMessageContaining("head_commit should be a commit, but it is null");
    variables.put("GITHUB_SHA", COMMIT);
    assertThat(((Event.TagPushed) Events.read(new Variables(variables), DIALECT)).commit())
        .isEqualTo(new GitRevision(COMMIT));
  }

  @ParameterizedTest
  @CsvSource({
    "refs/heads/docs, the branch docs was deleted",
    "refs/tags/v1, the tag v1 was deleted"
  })
  void doesNothingForAPushThatDeletes(String ref, String why) throws IOException {
    assertThat(read("push", push(ref, "\"deleted\":true,")))
        .isInstanceOfSatisfying(Event.Meaningless.class, e -> assertThat(e.why()).isEqualTo(why));
  }

  @Test
  void doesNothingForNotes() throws IOException {
    assertThat(read("push", push("refs/notes/commits", ""))).isInstanceOf(Event.Meaningless.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"opened", "reopened", "synchronize", "ready_for_review"})
  void takesThePullRequestsHead(String action) throws IOException {
    assertThat(read("pull_request", pullRequest(action, "{\"id\":7}", "somebody")))
        .isInstanceOfSatisfying(
            Event.PullRequestUpdated.class,
            e -> {
              assertThat(e.request().number()).isEqualTo(2);
              assertThat(e.request().head()).isEqualTo(new GitRevision(COMMIT));
              assertThat(e.request().headBranch()).isEqualTo("feature");
              assertThat(e.request().trust()).isEqualTo(HeadTrust.SAME_REPOSITORY);
              assertThat(e.request().draft()).isFalse();
              assertThat(e.request().labels()).containsExactly("preview: lab");
            });
  }

  @Test
  void knowsWhatElseHappensToAPullRequest() throws IOException {
    assertThat(read("pull_request", pullRequest("converted_to_draft", "{\"id\":7}", "somebody")))
        .isInstanceOf(Event.PullRequestDrafted.class);
    for (String action : new String[] {"labeled", "unlabeled"}) {
      String labeled =
          pullRequest(action, "{\"id\":7}", "somebody")
              .replaceFirst("\\{", "{\"label\":{\"name\":\"preview: lab\"},");
      assertThat(((Event.PullRequestLabeled) read("pull_request", labeled)).label())
          .contains("preview: lab");
    }
    assertThat(read("pull_request", pullRequest("assigned", "{\"id\":7}", "somebody")))
        .isInstanceOf(Event.Meaningless.class);
  }

  private Event withCommit(String event, String payload) throws IOException {
    var variables = variables(event, payload);
    variables.put("GITHUB_SHA", COMMIT);
    return Events.read(new Variables(variables), DIALECT);
  }

  @Test
  void takesTheRunsCommitForAReleaseWhichNamesNone() throws IOException {
    String release =
        "{\"action\":\"%s\",\"release\":{\"tag_name\":\"v1\",\"prerelease\":%s,"
            + "\"target_commitish\":\"main\"},"
            + REPOSITORY
            + "}";
    assertThat(withCommit("release", release.formatted("published", "true")))
        .isInstanceOfSatisfying(
            Event.ReleasePublished.class,
            e -> {
              assertThat(e.tag()).isEqualTo("v1");
              assertThat(e.commit()).isEqualTo(new GitRevision(COMMIT));
              assertThat(e.preRelease()).isTrue();
            });
    for (String action : new String[] {"released", "created", "edited", "deleted"}) {
      assertThat(withCommit("release", release.formatted(action, "false")))
          .isInstanceOf(Event.Meaningless.class);
    }
    assertThatThrownBy(() -> read("release", release.formatted("published", "false")))
        .hasMessageContaining("GITHUB_SHA");
  }

  @Test
  void knowsWhatAMergeGroupIsToBecome() throws IOException {
    String group =
        "{\"action\":\"%s\",\"merge_group\":{\"base_ref\":\"refs/heads/main\",\"head_sha\":\""
            + COMMIT
            + "\",\"head_ref\":\"refs/heads/gh-readonly-queue/main/pr-1\"},"
            + REPOSITORY
            + "}";
    assertThat(read("merge_group", group.formatted("checks_requested")))
        .isInstanceOfSatisfying(
            Event.MergeQueued.class,
            e -> {
              assertThat(e.branch()).isEqualTo("main");
              assertThat(e.ref()).isEqualTo("refs/heads/gh-readonly-queue/main/pr-1");
            });
    assertThat(read("merge_group", group.formatted("destroyed")))
        .isInstanceOf(Event.Meaningless.class);
  }

  private static String dispatch(String inputs) {
    return "{\"ref\":\"refs/heads/main\",\"inputs\":" + inputs + "," + REPOSITORY + "}";
  }

  @Test
  void readsWhatSomebodyAskedFor() throws IOException {
    String inputs =
        "{\"environment\":\"preview\",\"boards\":\"\",\"action\":\"dry-activate\",\"ref\":\"v1\","
            + "\"pull-request\":\"#12\",\"commit\":\""
            + COMMIT
            + "\",\"theirs\":true}";
    assertThat(withCommit("workflow_dispatch", dispatch(inputs)))
        .isInstanceOfSatisfying(
            Event.Dispatched.class,
            e ->
                assertThat(e.wish())
                    .isEqualTo(
                        new Wish(
                            Optional.of("preview"),
                            Optional.empty(),
                            Optional.of(BoardAction.DRY_ACTIVATE),
                            Optional.of("v1"),
                            Optional.of(12L),
                            Optional.of(new GitRevision(COMMIT)))));
    assertThat(((Event.Dispatched) withCommit("workflow_dispatch", dispatch("null"))).wish())
        .isEqualTo(Wish.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "action, reboot, 'switch, test, boot or dry-activate'",
    "action, give-back, 'switch, test, boot or dry-activate'",
    "pull-request, twelve, a pull request's number",
    "commit, 6113728f, a full commit id"
  })
  void saysWhichInputIsWrong(String input, String value, String expected) {
    String inputs = "{\"" + input + "\":\"" + value + "\"}";
    assertThatThrownBy(() -> withCommit("workflow_dispatch", dispatch(inputs)))
        .hasMessageContaining("inputs." + input + " should be " + expected)
        .hasMessageContaining(value);
  }

  @Test
  void aSweepIsTheDefaultBranchs() throws IOException {
    assertThat(withCommit("schedule", "{\"schedule\":\"0 0 * * *\"}"))
        .isInstanceOfSatisfying(
            Event.Scheduled.class,
            e -> {
              assertThat(e.repository().defaultBranch()).isEqualTo("main");
              assertThat(e.commit()).isEqualTo(new GitRevision(COMMIT));
            });
  }

  @Test
  void doesNotTakeAMergedPullRequestForAPush() throws IOException {
    assertThat(read("pull_request", pullRequest("closed", "{\"id\":7}", "somebody")))
        .isInstanceOfSatisfying(
            Event.PullRequestClosed.class, e -> assertThat(e.request().number()).isEqualTo(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"id\":8}; somebody",
        "{}; somebody",
        "{\"id\":\"7\"}; somebody",
        "null; somebody",
        "{\"id\":7}; dependabot[bot]",
        "{\"id\":7}; Dependabot[bot]"
      })
  void doesNotTrustForksDeletedHeadsAndDependabot(String repository, String login)
      throws IOException {
    for (String action : new String[] {"opened", "closed"}) {
      Event event = read("pull_request", pullRequest(action, repository, login));
      HeadTrust trust =
          event instanceof Event.PullRequestUpdated updated
              ? updated.request().trust()
              : ((Event.PullRequestClosed) event).request().trust();
      assertThat(trust).isEqualTo(HeadTrust.UNTRUSTED);
    }
  }

  @Test
  void doesNotTrustARunThatDependabotStarted() throws IOException {
    var variables = variables("pull_request", pullRequest("synchronize", "{\"id\":7}", "somebody"));
    variables.put("GITHUB_ACTOR", "dependabot[bot]");
    assertThat(
            ((Event.PullRequestUpdated) Events.read(new Variables(variables), DIALECT))
                .request()
                .trust())
        .isEqualTo(HeadTrust.UNTRUSTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pull_request_target", "workflow_run", "issue_comment"})
  void buildsNothingInRunsThatHaveSecretsForForks(String event) throws IOException {
    assertThat(read(event, pullRequest("opened", "{\"id\":8}", "somebody")))
        .isInstanceOfSatisfying(
            Event.Meaningless.class,
            e -> assertThat(e.why()).contains(event, "code of a fork is never built"));
  }

  @Test
  void saysWhichVariablesAreMissing() {
    assertThatThrownBy(
            () -> new Variables(Map.of("GITHUB_EVENT_NAME", "push", "GITHUB_RUN_ID", " ")))
        .isInstanceOfSatisfying(
            EventUnreadable.class,
            e -> {
              assertThat(e.reason()).isEqualTo(FailureReason.USAGE);
              assertThat(e.problem())
                  .isEqualTo(
                      "The variables GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GITHUB_SERVER_URL,"
                          + " GITHUB_RUN_ID are not set.");
            });
  }

  @Test
  void saysWhichFileIsMissing() throws IOException {
    var variables = variables("push", "{}");
    variables.put("GITHUB_EVENT_PATH", "/nowhere/event.json");
    assertThatThrownBy(() -> Events.read(new Variables(variables), DIALECT))
        .isInstanceOf(EventUnreadable.class)
        .hasMessage("The event file /nowhere/event.json does not exist.");
    variables.put("GITHUB_EVENT_PATH", folder.toString());
    assertThatThrownBy(() -> Events.read(new Variables(variables), DIALECT))
        .isInstanceOf(EventUnreadable.class)
        .hasMessageContaining("can't be read");
  }

  @Test
  void saysWhereAFileIsNotJson() {
    assertThatThrownBy(() -> read("push", "{\n  \"ref\": refs\n}"))
        .isInstanceOf(EventUnreadable.class)
        .hasMessageContaining("is not JSON: line 2, column 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{} {}", "{\"a\":1"})
  void takesOnlyAnObject(String text) {
    assertThatThrownBy(() -> read("push", text))
        .isInstanceOf(EventUnreadable.class)
        .hasMessageContaining("is not JSON");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "push; {}; ref should be a text, but it is missing",
        "push; {\"ref\":7}; ref should be a text, but it is 7",
        "push; {\"ref\":\"refs/heads/x\",\"after\":\"abc\"};"
            + " after should be a full commit id, but it is 'abc'",
        "pull_request; {\"action\":\"opened\"}; pull_request.number should be a positive number",
        "pull_request; {\"action\":\"opened\",\"pull_request\":{\"number\":2,\"head\":null}};"
            + " pull_request.head.sha should be a full commit id, but it is missing",
      })
  void saysWhichFieldIsWrong(String event, String payload, String problem) {
    String whole = payload.replaceFirst("}$", (payload.equals("{}") ? "" : ",") + REPOSITORY + "}");
    assertThatThrownBy(() -> read(event, whole))
        .isInstanceOf(EventUnreadable.class)
        .hasMessageContaining("is no `" + event + "` event: " + problem);
  }

  @Test
  void needsTheDefaultBranchOnlyWhereSomethingIsToDo() throws IOException {
    assertThatThrownBy(() -> read("push", "{\"ref\":\"refs/heads/x\"}"))
        .hasMessageContaining("repository.default_branch should be a text, but it is missing");
    assertThat(read("watch", "{}").repository().defaultBranch()).isEqualTo("HEAD");
  }

  @Test
  void clonesAFolderAsItIsNamed() throws IOException {
    Files.createDirectories(folder.resolve("owner/boards"));
    var variables = variables("push", push("refs/heads/main", ""));
    variables.put("GITHUB_SERVER_URL", folder.toUri().toString());
    assertThat(Events.read(new Variables(variables), DIALECT).repository().url().getPath())
        .isEqualTo(folder.resolve("owner/boards").toString());
    Files.createDirectories(folder.resolve("owner/boards.git"));
    assertThat(Events.read(new Variables(variables), DIALECT).repository().url().getPath())
        .isEqualTo(folder.resolve("owner/boards.git").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "GITHUB_SERVER_URL, https://me:s3cret@forge.example, has credentials in it",
    "GITHUB_SERVER_URL, ftp://forge.example, 'is no http, https or file URL'",
    "GITHUB_SERVER_URL, https:, is no URL",
    "GITHUB_REPOSITORY, ../x y, is no owner/name"
  })
  void refusesVariablesThatMakeNoSense(String name, String value, String problem)
      throws IOException {
    var variables = variables("push", push("refs/heads/main", ""));
    variables.put(name, value);
    assertThatThrownBy(() -> Events.read(new Variables(variables), DIALECT))
        .isInstanceOf(EventUnreadable.class)
        .hasMessageContaining(name)
        .hasMessageContaining(problem)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void namesTheRunsPage() throws IOException {
    var variables = variables("push", push("refs/heads/main", ""));
    variables.put("GITHUB_RUN_ATTEMPT", "3");
    var checked = new Variables(variables);
    assertThat(checked.run(Events.read(checked, DIALECT).repository(), DIALECT).url())
        .contains(URI.create("https://forge.example/owner/boards/actions/runs/42/attempts/3"));
  }
}
