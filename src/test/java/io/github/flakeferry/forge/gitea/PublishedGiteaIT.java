package io.github.flakeferry.forge.gitea;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.testbed.GitHubStandIn.RequestJudge;
import io.github.flakeferry.testbed.GiteaTypes;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The same tests once more, each request and answer held to what is published of both. */
final class PublishedGiteaIT {
  @Nested
  final class OfGitea extends GiteaReportsTest {
    @Override
    protected RequestJudge judge() throws IOException {
      return GiteaTypes.ofGitea();
    }
  }

  @Nested
  final class OfForgejo extends ForgejoReportsTest {
    @Override
    protected RequestJudge judge() throws IOException {
      return GiteaTypes.ofForgejo();
    }
  }

  @Test
  void pullRequestsAreAsTheyArePublished() throws IOException {
    for (var types : List.of(GiteaTypes.ofGitea(), GiteaTypes.ofForgejo())) {
      for (var pull :
          List.of(
              GiteaPayloads.pullRequest(2),
              GiteaPayloads.fork(2),
              GiteaPayloads.deletedFork(2),
              GiteaPayloads.withoutBranch(2),
              GiteaPayloads.withDeletedBranch(2))) {
        types.check(pull.toString(), "PullRequest");
      }
    }
  }

  @Test
  void theTypesFindFault() throws IOException {
    var types = GiteaTypes.ofGitea();
    String comments = "/repos/owner/boards/issues/2/comments";
    assertThatThrownBy(() -> types.judge("GET", comments, "page=2", ""))
        .hasMessage("the parameter page can't be 2");
    assertThatThrownBy(() -> types.judge("POST", comments, "", "{\"text\":\"x\"}"))
        .hasMessage("there is no field the body.text; the body.body is missing");
    assertThatThrownBy(() -> types.judge("POST", comments, "", "{\"body\":7}"))
        .hasMessage("the body.body is no string: 7");
    assertThatThrownBy(() -> types.judge("GET", "/repos/owner/boards/deployments", "", ""))
        .hasMessage("there is no GET /repos/owner/boards/deployments");
    assertThatThrownBy(() -> types.judgeAnswer("GET", comments, 200, "[{\"state\":\"x\"}]"))
        .hasMessage("there is no field Comment[].state");
    types.judge("DELETE", "/repos/owner/boards/issues/comments/7", "", "");
    assertThatThrownBy(
            () -> types.judge("DELETE", "/repos/owner/boards/issues/comments/7", "", "{}"))
        .hasMessage("it takes no body");
  }
}
