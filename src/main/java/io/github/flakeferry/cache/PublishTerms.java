package io.github.flakeferry.cache;

import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SigningKey;
import java.util.List;
import java.util.Optional;

/**
 * How paths go to a cache, and which of them do not.
 *
 * @param key signs them; where there is none they go there without any signature
 * @param upstream keys of other caches that whoever reads from this one reads from too: what one of
 *     them has signed stays away
 */
public record PublishTerms(Optional<SigningKey> key, List<PublicKey> upstream, CacheFormat format) {
  static final PublishTerms UNSIGNED =
      new PublishTerms(Optional.empty(), List.of(), CacheFormat.DEFAULT);

  public PublishTerms {
    upstream = List.copyOf(upstream);
  }

  /** All that is offered, signed. */
  static PublishTerms signedBy(SigningKey key) {
    return new PublishTerms(Optional.of(key), List.of(), CacheFormat.DEFAULT);
  }

  /** What is told of a path there. */
  PathInfo told(PathInfo info) {
    return key.map(info::signedBy).orElseGet(info::unsigned);
  }

  /** Whether our signature is missing on what a cache says of a path. */
  boolean missingOn(PathInfo there) {
    return key.isPresent() && !key.get().publicKey().hasSigned(there);
  }

  /** Whether it is another cache's, as the local store knows by the signature that came with it. */
  boolean isUpstreams(PathInfo info) {
    return upstream.stream().anyMatch(other -> other.hasSigned(info));
  }
}
