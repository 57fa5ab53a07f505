package io.github.flakeferry.pipeline;

import io.github.flakeferry.cache.BinaryCaches;
import io.github.flakeferry.cache.Publisher;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.progress.Progress;
import java.util.List;
import java.util.Optional;

/** Uploads what was built to the caches that take it, signed with the key that is theirs. */
final class Publication {
  private final List<CachePolicy> caches;
  private final Optional<SigningKey> key;
  private final Settings settings;
  private final Progress progress;

  private Publication(
      List<CachePolicy> caches, Optional<SigningKey> key, Settings settings, Progress progress) {
    this.caches = caches;
    this.key = key;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * What will be published for an audience; asks of no cache anything yet.
   *
   * @throws Failure if there is a cache and no key, or not the key that the policy declares
   */
  static Publication prepare(
      Policy policy, Audience audience, Settings settings, Progress progress) {
    var caches = policy.caches().stream().filter(c -> c.audience() == audience).toList();
    boolean trusted = audience == Audience.TRUSTED;
    var key = trusted ? settings.signingKey() : settings.pullRequestSigningKey();
    String input = trusted ? "signing-key" : "pull-request-signing-key";
    for (CachePolicy cache : caches) {
      if (key.isEmpty()) {
        throw Refused.missingSecret(
            "there is no key to sign what is published to " + cache.url(), input);
      }
      cache.publicKey().ifPresent(declared -> Publisher.checkKey(key.get(), declared));
    }
    return new Publication(caches, key, settings, progress);
  }

  /** The key that signs for these caches, where there is one. */
  Optional<SigningKey> key() {
    return key;
  }

  /**
   * Publishes to each cache; one that fails does not keep the others from getting it.
   *
   * @return the first failure
   */
  Optional<Failure> publish(List<PathInfo> closure, ContentSource contents) {
    Optional<Failure> first = Optional.empty();
    for (CachePolicy cache : caches) {
      try (var opened = BinaryCaches.open(cache.url(), settings.cacheCredentials())) {
        var result = new Publisher(opened, key.orElseThrow(), contents, progress).publish(closure);
        progress.note(
            "%s: %d paths published, %d were there, %.1f MiB sent"
                .formatted(
                    cache.url(),
                    result.uploaded(),
                    result.present(),
                    result.compressedBytes() / 1048576.0));
      } catch (Failure failure) {
        progress.warn(failure.problem());
        first = first.or(() -> Optional.of(failure));
      }
    }
    return first;
  }
}
