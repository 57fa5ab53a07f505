package io.github.flakeferry.forge.gitea;

import static io.github.flakeferry.forge.gitea.GiteaPayloads.COMMIT;
import static io.github.flakeferry.forge.gitea.GiteaPayloads.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.actions.ActionsForge;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

final class GiteaEventsTest {
  @TempDir private Path folder;

  private Forge started(String name, ObjectNode payload, Map<String, String> more)
      throws IOException {
    Path file = folder.resolve("event.json");
    Files.writeString(file, payload.toString());
    var variables = new HashMap<String, String>();
    variables.put("GITHUB_EVENT_NAME", name);
    variables.put("GITHUB_EVENT_PATH", file.toString());
    variables.put("GITHUB_REPOSITORY", "owner/boards");
    // both give it with a slash at its end
    variables.put("GITHUB_SERVER_URL", "https://forge.example/");
    variables.put("GITHUB_API_URL", "https://forge.example/api/v1");
    variables.put("GITHUB_SHA", COMMIT);
    variables.put("GITHUB_RUN_ID", "272");
    variables.put("GITHUB_RUN_NUMBER", "43");
    variables.put("GITHUB_RUN_ATTEMPT", "2");
    variables.putAll(more);
    return ActionsForge.fromEnvironment(
        variables,
        new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
        Gitea.of(variables).orElseThrow());
  }

  private Event read(String name, ObjectNode payload) throws IOException {
    return started(name, payload, Map.of()).event();
  }

  private static PullRequest request(Event event) {
    return switch (event) {
      case Event.PullRequestUpdated e -> e.request();
      case Event.PullRequestDrafted e -> e.request();
      case Event.PullRequestLabeled e -> e.request();
      case Event.PullRequestClosed e -> e.request();
      case Event.BranchPushed _,
          Event.TagPushed _,
          Event.ReleasePublished _,
          Event.MergeQueued _,
          Event.Dispatched _,
          Event.Scheduled _,
          Event.Meaningless _ ->
          throw new AssertionError("it is about no pull request: " + event);
    };
  }

  @ParameterizedTest
  @CsvSource({"opened", "reopened", "synchronized"})
  void takesThePullRequestsHead(String action) throws IOException {
    Event event = read("pull_request", event(action, GiteaPayloads.pullRequest(2)));
    assertThat(event).isInstanceOf(Event.PullRequestUpdated.class);
    assertThat(event.repository().url())
        .isEqualTo(URI.create("https://forge.example/owner/boards.git"));
    assertThat(request(event))
        .isEqualTo(
            new PullRequest(
                2,
                new GitRevision(COMMIT),
                "feature",
                HeadTrust.SAME_REPOSITORY,
                false,
                Set.of("preview: lab")));
  }

  @Test
  void takesAPullRequestForADraftByItsTitle() throws IOException {
    ObjectNode draft = GiteaPayloads.pullRequest(2).put("title", "WIP: Try it").put("draft", true);
    assertThat(read("pull_request", event("edited", draft)))
        .isInstanceOf(Event.PullRequestDrafted.class);
    assertThat(read("pull_request", event("edited", GiteaPayloads.pullRequest(2))))
        .isInstanceOf(Event.PullRequestUpdated.class);
  }

  @ParameterizedTest
  @CsvSource({"label_updated", "label_cleared"})
  void isNotToldWhichLabelChanged(String action) throws IOException {
    assertThat(read("pull_request", event(action, GiteaPayloads.pullRequest(2))))
        .isInstanceOfSatisfying(
            Event.PullRequestLabeled.class,
            e -> {
              assertThat(e.label()).isEmpty();
              assertThat(e.request().labels()).containsExactly("preview: lab");
            });
  }

  static Stream<ObjectNode> notOurs() {
    return Stream.of(
        GiteaPayloads.fork(2), GiteaPayloads.deletedFork(2), GiteaPayloads.withoutBranch(2));
  }

  @ParameterizedTest
  @MethodSource("notOurs")
  void doesNotTrustWhatAnybodyMayPush(ObjectNode pull) throws IOException {
    for (String action : new String[] {"opened", "synchronized", "label_updated", "closed"}) {
      assertThat(request(read("pull_request", event(action, pull))).trust())
          .isEqualTo(HeadTrust.UNTRUSTED);
    }
  }

  @Test
  void givesBoardsBackThoughTheBranchIsDeletedAlready() throws IOException {
    Event event = read("pull_request", event("closed", GiteaPayloads.withDeletedBranch(2)));
    assertThat(event).isInstanceOf(Event.PullRequestClosed.class);
    assertThat(request(event).trust()).isEqualTo(HeadTrust.SAME_REPOSITORY);
  }

  @Test
  void readsPushesReleasesAndTheRest() throws IOException {
    var push = event().put("ref", "refs/heads/main").put("after", COMMIT);
    assertThat(read("push", push)).isInstanceOf(Event.BranchPushed.class);
    push.put("ref", "refs/tags/v1").putObject("head_commit").put("id", COMMIT);
    assertThat(read("push", push)).isInstanceOf(Event.TagPushed.class);
    var release = event().put("action", "published");
    release.putObject("release").put("tag_name", "v1").put("prerelease", false);
    assertThat(read("release", release)).isInstanceOf(Event.ReleasePublished.class);
    assertThat(read("release", release.put("action", "updated")))
        .isInstanceOf(Event.Meaningless.class);
    var dispatch = event().put("ref", "refs/heads/main").put("workflow", "deploy.yml");
    dispatch.putObject("inputs").put("environment", "lab");
    assertThat(read("workflow_dispatch", dispatch)).isInstanceOf(Event.Dispatched.class);
    assertThat(read("schedule", event().put("action", "schedule")))
        .isInstanceOf(Event.Scheduled.class);
  }

  @Test
  void tellsThemApartByWhatTheirRunnersSet() {
    assertThat(Gitea.of(Map.of("GITHUB_API_URL", "https://api.github.com"))).isEmpty();
    assertThat(Gitea.of(Map.of("GITHUB_API_URL", "https://ghe.example/api/v3"))).isEmpty();
    assertThat(Gitea.of(Map.of("GITEA_ACTIONS", "true"))).contains(Gitea.gitea());
    assertThat(Gitea.of(Map.of("GITHUB_API_URL", "https://git.example/sub/api/v1/")))
        .contains(Gitea.gitea());
    assertThat(Gitea.of(Map.of("GITEA_ACTIONS", "true", "FORGEJO_ACTIONS", "true")))
        .contains(Gitea.forgejo());
  }

  @Test
  void namesTheRunsPage() throws IOException {
    ObjectNode push = event().put("ref", "refs/heads/main").put("after", COMMIT);
    assertThat(started("push", push, Map.of("GITEA_ACTIONS", "true")).run().url())
        .contains(URI.create("https://forge.example/owner/boards/actions/runs/272"));
    assertThat(started("push", push, Map.of("FORGEJO_ACTIONS", "true")).run().url())
        .contains(URI.create("https://forge.example/owner/boards/actions/runs/43"));
  }
}
