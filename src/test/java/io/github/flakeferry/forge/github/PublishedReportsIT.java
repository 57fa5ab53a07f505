package io.github.flakeferry.forge.github;

import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.GitHubStandIn.RequestJudge;
import org.junit.jupiter.api.Nested;

/** The same tests once more, each request and answer held to what GitHub publishes of itself. */
final class PublishedReportsIT {
  @Nested
  final class Reporting extends ReportingTest {
    @Override
    protected RequestJudge judge() {
      return GitHubOpenApi.judge();
    }
  }

  @Nested
  final class OfDeployments extends DeploymentsTest {
    @Override
    protected RequestJudge judge() {
      return GitHubOpenApi.judge();
    }
  }

  @Nested
  final class OfChecks extends CheckRunsTest {
    @Override
    protected RequestJudge judge() {
      return GitHubOpenApi.judge();
    }
  }

  @Nested
  final class OfWhatIsAbandoned extends AbandonedTest {
    @Override
    protected RequestJudge judge() {
      return GitHubOpenApi.judge();
    }
  }
}
