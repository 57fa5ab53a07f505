package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.CheckResult;
import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.actions.Api;
import io.github.flakeferry.forge.actions.ApiTrouble;
import io.github.flakeferry.forge.actions.Extras;
import io.github.flakeferry.forge.actions.RunPages;
import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** Deployments and check runs. */
final class GitHubExtras implements Extras {
  private final Deployments deployments;
  private final CheckRuns checks;

  GitHubExtras(RunContext run, RunPages pages) {
    this.deployments = new Deployments(run, pages);
    this.checks = new CheckRuns(run, pages);
  }

  @Override
  public Optional<String> deployment(
      Api api,
      GitRevision commit,
      EnvironmentRef environment,
      DeploymentState state,
      String description,
      Optional<URI> url)
      throws ApiTrouble, IOException {
    return deployments.tell(api, commit, environment, state, description, url);
  }

  @Override
  public void retire(Api api, EnvironmentRef environment, String description)
      throws ApiTrouble, IOException {
    deployments.retire(api, environment, description);
  }

  @Override
  public void checkBegun(Api api, GitRevision commit, String name, String title)
      throws ApiTrouble, IOException {
    checks.begin(api, commit, name, title);
  }

  @Override
  public void checkEnded(Api api, GitRevision commit, String name, CheckResult result)
      throws ApiTrouble, IOException {
    checks.end(api, commit, name, result);
  }

  @Override
  public void closeAbandonedDeployments(Api api, GitRevision commit)
      throws ApiTrouble, IOException {
    deployments.closeAbandoned(api, commit);
  }

  @Override
  public void closeAbandonedChecks(Api api, GitRevision commit) throws ApiTrouble, IOException {
    checks.closeAbandoned(api, commit);
  }
}
