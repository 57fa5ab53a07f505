package io.github.flakeferry.forge.gitea;

import io.github.flakeferry.testbed.StandInFor;

/** The same tests for Forgejo. */
class ForgejoReportsTest extends GiteaReportsTest {
  @Override
  protected StandInFor standsFor() {
    return StandInFor.FORGEJO;
  }

  @Override
  String jobAccount() {
    return "forgejo-actions";
  }
}
