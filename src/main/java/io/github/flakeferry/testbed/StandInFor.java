package io.github.flakeferry.testbed;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** What the stand-in stands for. */
public enum StandInFor {
  GITHUB("", "github-actions[bot]"),
  GITEA("/api/v1", "gitea-actions"),
  /** Whose runner sets Gitea's variables, too. */
  FORGEJO("/api/v1", "forgejo-actions");

  private final String apiPath;
  private final String jobAccount;

  StandInFor(String apiPath, String jobAccount) {
    this.apiPath = apiPath;
    this.jobAccount = jobAccount;
  }

  boolean isGitea() {
    return this != GITHUB;
  }

  String apiPath() {
    return apiPath;
  }

  String jobAccount() {
    return jobAccount;
  }

  /** What its runner sets in another way than GitHub's. */
  Map<String, String> variables(URI server) {
    return switch (this) {
      case GITHUB -> Map.of();
      case GITEA -> gitea(server);
      case FORGEJO -> {
        var variables = new HashMap<>(gitea(server));
        variables.put("FORGEJO_ACTIONS", "true");
        yield variables;
      }
    };
  }

  // the number of a run in its repository differs from its number in the instance
  private static Map<String, String> gitea(URI server) {
    return Map.of(
        "GITEA_ACTIONS", "true", "GITHUB_SERVER_URL", server + "/", "GITHUB_RUN_NUMBER", "7");
  }
}
