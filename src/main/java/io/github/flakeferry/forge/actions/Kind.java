package io.github.flakeferry.forge.actions;

/** What is told to a forge. What others wait for comes first, where there is no time for all. */
public enum Kind {
  STATUS("commit status", "commit statuses"),
  DEPLOYMENT("Deployment", "Deployments"),
  CHECK("check run", "check runs"),
  COMMENT("comment", "comments");

  private final String one;
  private final String many;

  Kind(String one, String many) {
    this.one = one;
    this.many = many;
  }

  String one() {
    return one;
  }

  String many() {
    return many;
  }

  /** Whether it is told nowhere else: without it there is something to warn of. */
  boolean isMissed() {
    return this != CHECK;
  }
}
