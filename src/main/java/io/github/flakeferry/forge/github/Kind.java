package io.github.flakeferry.forge.github;

/**
 * What is told to GitHub, and the permission that a token needs for it. What others wait for comes
 * first, where there is no time for all.
 */
enum Kind {
  STATUS("commit status", "commit statuses", "statuses: write"),
  DEPLOYMENT("Deployment", "Deployments", "deployments: write"),
  CHECK("check run", "check runs", "checks: write"),
  COMMENT("comment", "comments", "pull-requests: write");

  private final String one;
  private final String many;
  private final String permission;

  Kind(String one, String many, String permission) {
    this.one = one;
    this.many = many;
    this.permission = permission;
  }

  String one() {
    return one;
  }

  String many() {
    return many;
  }

  String permission() {
    return permission;
  }

  /** Whether it is told nowhere else: without it there is something to warn of. */
  boolean isMissed() {
    return this != CHECK;
  }
}
