package io.github.flakeferry.testbed;

import io.github.flakeferry.model.GitRevision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A check run as it stands.
 *
 * @param annotations each as {@code file:line:column: message}
 */
public record GitHubCheckRun(
    long id,
    GitRevision commit,
    String name,
    String status,
    Optional<String> conclusion,
    String title,
    String summary,
    List<String> annotations,
    String externalId,
    Instant at) {
  public GitHubCheckRun {
    annotations = List.copyOf(annotations);
  }

  GitHubCheckRun withId(long newId) {
    return new GitHubCheckRun(
        newId, commit, name, status, conclusion, title, summary, annotations, externalId, at);
  }
}
