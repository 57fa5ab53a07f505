package io.github.flakeferry.cli;

import io.github.flakeferry.pipeline.Settings;
import picocli.CommandLine.Option;

/** What a deployment may do besides, by option. */
final class Permissions {
  @Option(
      names = "--allow-older",
      description = "Also deploys to a board that has a newer commit already.")
  private boolean allowOlder;

  @Option(
      names = "--replace-unknown",
      description = "Also replaces a system that somebody else activated on a board.")
  private boolean replaceUnknown;

  /** All inputs, and these. */
  Settings settings(Inputs inputs) {
    return inputs.settings().permitting(allowOlder, replaceUnknown);
  }
}
