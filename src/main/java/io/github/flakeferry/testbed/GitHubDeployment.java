package io.github.flakeferry.testbed;

import io.github.flakeferry.model.GitRevision;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A deployment as it stands.
 *
 * @param payload as JSON; empty without one
 * @param statuses the oldest first
 */
public record GitHubDeployment(
    long id,
    GitRevision commit,
    String environment,
    String task,
    boolean isTransient,
    boolean production,
    String payload,
    List<GitHubDeploymentStatus> statuses,
    Instant at) {
  public GitHubDeployment {
    statuses = List.copyOf(statuses);
  }

  /** The state that it is in; empty before the first one. */
  public String state() {
    return statuses.isEmpty() ? "" : statuses.getLast().state();
  }

  /** All its states, the oldest first. */
  public List<String> states() {
    return statuses.stream().map(GitHubDeploymentStatus::state).toList();
  }

  GitHubDeployment with(GitHubDeploymentStatus status) {
    return new GitHubDeployment(
        id,
        commit,
        environment,
        task,
        isTransient,
        production,
        payload,
        Stream.concat(statuses.stream(), Stream.of(status)).toList(),
        at);
  }
}
