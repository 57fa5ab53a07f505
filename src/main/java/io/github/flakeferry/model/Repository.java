package io.github.flakeferry.model;

import java.net.URI;

/**
 * A repository on a forge.
 *
 * @param fullName {@code owner/name}
 * @param url where it is cloned from: http, https or file, without credentials
 * @param defaultBranch the branch whose tip holds the policy, without {@code refs/heads/}
 */
public record Repository(String fullName, URI url, String defaultBranch) {
  public Repository {
    if (!fullName.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+")) {
      throw new IllegalArgumentException("not a repository such as owner/name: '" + fullName + "'");
    }
    if (url.getUserInfo() != null) {
      throw new IllegalArgumentException("credentials in the URL of " + fullName);
    }
  }
}
