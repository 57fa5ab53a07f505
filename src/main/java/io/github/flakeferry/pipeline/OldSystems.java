package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.OldContents;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Set;

/**
 * Paths of the systems that boards have, as far as this machine's store has them, or the caches
 * that a build takes from.
 */
final class OldSystems implements OldContents {
  private final Policy policy;
  private final Audience audience;
  private final Settings settings;
  private final Progress progress;

  OldSystems(Policy policy, Audience audience, Settings settings, Progress progress) {
    this.policy = policy;
    this.audience = audience;
    this.settings = settings;
    this.progress = progress;
  }

  @Override
  public void fetch(Collection<StorePath> paths) {
    try {
      Set<StorePath> missing = new Nix(NixSettings.DEFAULT, progress).missing(paths);
      if (missing.isEmpty()) {
        return;
      }
      // a cache that is not there was told of before the build
      try (var caches = Substituters.ready(policy, audience, settings, Progress.SILENT)) {
        new Nix(caches.settings(false), progress).substitute(missing);
      }
    } catch (Failure e) {
      progress.note("what boards have is not compared with all that is new: " + e.told());
    }
  }

  @Override
  public void writeNar(StorePath path, OutputStream to) throws IOException {
    Nix.contents().writeNar(path, to);
  }
}
