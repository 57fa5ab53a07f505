package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What built systems refer to, each asked for once: many boards may share one. For several threads.
 */
final class Closures {
  private final Nix nix;
  private final Map<StorePath, List<PathInfo>> known = new HashMap<>();

  Closures(Nix nix) {
    this.nix = nix;
  }

  /**
   * A built system with all that it refers to.
   *
   * @throws io.github.flakeferry.nix.NixFailed if the store does not have it
   */
  synchronized List<PathInfo> of(StorePath system) {
    return known.computeIfAbsent(system, nix::closure);
  }
}
