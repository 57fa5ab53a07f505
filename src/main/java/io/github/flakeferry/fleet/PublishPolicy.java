package io.github.flakeferry.fleet;

import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.PublicKey;
import java.util.List;

/**
 * What goes up to a cache.
 *
 * @param upstream keys of caches that its readers read from as well: what they have signed stays
 *     away
 * @param sources whether what was fetched with a known hash goes up for its own sake, too
 */
public record PublishPolicy(
    What what, List<PublicKey> upstream, boolean sources, CacheFormat format) {
  /** What of a build. */
  public enum What {
    /** All that is built, and what it refers to. */
    BUILT,
    /** What boards get, and nothing that only the build needs. */
    CLOSURES
  }

  /** What every NixOS reads from. */
  static final PublicKey NIXOS =
      PublicKey.parse("cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=");

  public static final PublishPolicy DEFAULT =
      new PublishPolicy(What.BUILT, List.of(NIXOS), false, CacheFormat.DEFAULT);

  public PublishPolicy {
    upstream = List.copyOf(upstream);
  }
}
