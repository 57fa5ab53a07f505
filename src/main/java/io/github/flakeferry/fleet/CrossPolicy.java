package io.github.flakeferry.fleet;

import io.github.flakeferry.model.SystemPlatform;
import java.util.Set;

/** Whether a configuration's cross-compiled variant is taken by itself. */
public enum CrossPolicy {
  /** Where {@code NAME-from-x86_64} is in the flake it is built in place of {@code NAME}. */
  AUTO,
  /** What a board names is what is built. */
  OFF;

  /**
   * The configuration that is built for a board.
   *
   * @param configuration that the board names
   * @param offered by the flake
   * @param machine that builds
   */
  public String variant(String configuration, Set<String> offered, SystemPlatform machine) {
    String variant = configuration + "-from-" + machine.machine();
    return this == AUTO && offered.contains(variant) ? variant : configuration;
  }
}
