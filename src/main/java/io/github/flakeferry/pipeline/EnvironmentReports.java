package io.github.flakeferry.pipeline;

import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is told of a plan's environments from beginning to end: statuses and deployments. One that
 * is through is told so at once, but the last one only when the run is at its end.
 */
final class EnvironmentReports {
  private final Forge forge;
  private final List<Reported> environments;
  private final StatusReports statuses;
  private final Set<Reported> begun = new HashSet<>();
  private final Set<Reported> ended = new HashSet<>();

  EnvironmentReports(Forge forge, List<Reported> environments) {
    this.forge = forge;
    this.environments = environments;
    this.statuses = new StatusReports(forge, environments);
  }

  void planned() {
    statuses.planned();
    environments.forEach(e -> deployment(e, DeploymentState.QUEUED, "building"));
  }

  /** Something is done on a board. */
  void boardBegun(BoardName board) {
    environments.stream()
        .filter(e -> e.boards().contains(board) && !ended.contains(e) && begun.add(e))
        .forEach(e -> deployment(e, DeploymentState.IN_PROGRESS, "deploying"));
  }

  /**
   * One board is through.
   *
   * @param results all so far, this one included
   */
  void boardDone(BoardResult result, Collection<BoardResult> results) {
    statuses.boardDone(result);
    List<Reported> through = environments.stream().filter(e -> e.isThrough(results)).toList();
    if (through.size() < environments.size()) {
      through.forEach(e -> end(e, results));
    }
  }

  /**
   * All is told that there is to tell of the boards.
   *
   * @param state of what has not come to its end
   * @param description why not
   * @param last is told between the deployments and the environments' statuses
   */
  void finish(
      Collection<BoardResult> results, StatusState state, String description, Runnable last) {
    List<Reported> left = environments.stream().filter(e -> !ended.contains(e)).toList();
    for (Reported environment : left) {
      if (environment.isThrough(results)) {
        deploymentEnds(environment, results);
      } else {
        statuses.close(environment, results, state, description);
        deployment(
            environment,
            state == StatusState.FAILURE ? DeploymentState.FAILURE : DeploymentState.ERROR,
            description);
      }
    }
    last.run();
    for (Reported environment : left) {
      if (environment.isThrough(results)) {
        sum(environment, results);
      } else {
        statuses.sum(environment, state, description);
      }
    }
    ended.addAll(left);
  }

  /** One is not wanted any more, however far it is. */
  void withdraw(String name, String description) {
    for (Reported environment : environments) {
      if (environment.environment().name().equals(name)) {
        ended.add(environment);
        deployment(environment, DeploymentState.INACTIVE, description);
        statuses.sum(environment, StatusState.FAILURE, description);
      }
    }
  }

  private void end(Reported environment, Collection<BoardResult> results) {
    if (ended.add(environment)) {
      deploymentEnds(environment, results);
      sum(environment, results);
    }
  }

  private void sum(Reported environment, Collection<BoardResult> results) {
    List<BoardResult> own = environment.own(results);
    statuses.sum(environment, States.status(own), StatusReports.told(own));
  }

  private void deploymentEnds(Reported environment, Collection<BoardResult> results) {
    List<BoardResult> own = environment.own(results);
    deployment(environment, States.deployment(own), StatusReports.told(own));
  }

  private void deployment(Reported environment, DeploymentState state, String description) {
    forge.deployment(
        environment.commit(),
        environment.ref(),
        state,
        description,
        environment.url().filter(url -> state == DeploymentState.SUCCESS));
  }

  /** Where people reach what was deployed, of the first environment that has such a place. */
  Optional<URI> url(Collection<BoardResult> results) {
    return environments.stream()
        .filter(e -> e.own(results).stream().anyMatch(r -> r.outcome().reached()))
        .flatMap(e -> e.url().stream())
        .findFirst();
  }
}
