package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.CheckResult;
import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** What a forge has a place for beyond statuses and comments. Not for more than one thread. */
public interface Extras {
  /**
   * Tells how far a commit is on its way to an environment.
   *
   * @return why that can't be told, where there is something to say of it
   */
  Optional<String> deployment(
      Api api,
      GitRevision commit,
      EnvironmentRef environment,
      DeploymentState state,
      String description,
      Optional<URI> url)
      throws ApiTrouble, IOException;

  /** Ends all that an environment has. */
  void retire(Api api, EnvironmentRef environment, String description)
      throws ApiTrouble, IOException;

  void checkBegun(Api api, GitRevision commit, String name, String title)
      throws ApiTrouble, IOException;

  void checkEnded(Api api, GitRevision commit, String name, CheckResult result)
      throws ApiTrouble, IOException;

  /** Ends what is under way although its run is over. */
  void closeAbandonedDeployments(Api api, GitRevision commit) throws ApiTrouble, IOException;

  /** Ends what is under way although its run is over. */
  void closeAbandonedChecks(Api api, GitRevision commit) throws ApiTrouble, IOException;
}
