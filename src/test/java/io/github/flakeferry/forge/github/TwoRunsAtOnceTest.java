package io.github.flakeferry.forge.github;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.actions.ReportsFixture;
import io.github.flakeferry.testbed.GitHubStandIn;
import io.github.flakeferry.testbed.GitHubStandIn.Comment;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Another run for the same pull request, which looked for the comment before either had made it.
 */
class TwoRunsAtOnceTest extends ReportsFixture {
  private boolean other = true;
  private boolean mayDelete = true;

  @Override
  protected GitHubStandIn.RequestJudge judge() {
    return (method, path, query, body) -> {
      if (other && method.equals("POST") && path.endsWith("/comments")) {
        other = false;
        gitHub.addComment(2, "github-actions[bot]", "Bot", "<!-- flakeferry:preview -->\nof it");
      }
      if (!mayDelete && method.equals("DELETE")) {
        gitHub.permit(Set.of());
      }
    };
  }

  @Test
  void theOlderCommentIsTheOneThatStaysAndIsKeptUpToDate() {
    var forge = forge();
    tell(forge, f -> f.comment(2, "preview", "building"));
    tell(forge, f -> f.comment(2, "preview", "deployed"));
    assertThat(gitHub.comments(2))
        .extracting(Comment::body)
        .containsExactly("<!-- flakeferry:preview -->\ndeployed");
    assertThat(writes()).containsExactly("POST 201", "DELETE 204", "PATCH 200", "PATCH 200");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void whereItMayNotBeDeletedItIsStillKeptUpToDate() {
    mayDelete = false;
    var forge = forge();
    tell(forge, f -> f.comment(2, "preview", "building"));
    gitHub.permit(Set.of("pull-requests: write"));
    tell(forge, f -> f.comment(2, "preview", "deployed"));
    assertThat(gitHub.comments(2))
        .extracting(Comment::body)
        .containsExactly(
            "<!-- flakeferry:preview -->\nof it", "<!-- flakeferry:preview -->\ndeployed");
  }
}
