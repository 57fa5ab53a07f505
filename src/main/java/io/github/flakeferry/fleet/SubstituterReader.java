package io.github.flakeferry.fleet;

import io.github.flakeferry.model.PublicKey;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code substituters:}. */
final class SubstituterReader {
  static final List<String> KEYS = List.of("url", "public-key", "priority");

  private final CacheValues values;
  private final List<CachePolicy> caches;
  private final Faults faults;

  /**
   * @param caches ours
   */
  SubstituterReader(CacheValues values, List<CachePolicy> caches, Faults faults) {
    this.values = values;
    this.caches = caches;
    this.faults = faults;
  }

  List<Substituter> read(Node node) {
    if (!(node instanceof Node.Items(var _, var nodes))) {
      faults.wrongType(node, "a list of caches to take from");
      return List.of();
    }
    return nodes.stream()
        .flatMap(item -> Section.of(item.place(), item, "a cache", KEYS, faults).stream())
        .flatMap(section -> substituter(section).stream())
        .toList();
  }

  private Optional<Substituter> substituter(Section section) {
    Optional<URI> url = values.url(section);
    Optional<PublicKey> key =
        section
            .require(
                "public-key", "the cache has no public-key: expected " + CacheValues.PUBLIC_KEY)
            .flatMap(node -> faults.text(node, CacheValues.PUBLIC_KEY))
            .flatMap(this::publicKey);
    OptionalInt priority = values.priority(section);
    return url.flatMap(u -> key.map(k -> new Substituter(u, k, priority)));
  }

  // what a pull request built must be taken by no build
  private Optional<PublicKey> publicKey(Node.Text text) {
    Optional<PublicKey> key = values.publicKey(text);
    if (key.isPresent() && caches.stream().anyMatch(cache -> isForPullRequests(cache, key.get()))) {
      faults.add(
          text.place(), "the key of a cache for pull requests, from which no build may take");
    }
    return key;
  }

  private static boolean isForPullRequests(CachePolicy cache, PublicKey key) {
    return cache.audience() == Audience.PULL_REQUESTS
        && cache.publicKey().map(PublicKey::base64).equals(Optional.of(key.base64()));
  }
}
