package io.github.flakeferry.pipeline;

import io.github.flakeferry.cache.BinaryCaches;
import io.github.flakeferry.cache.Readiness;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.nix.Netrc;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The caches that a build takes from what was built before: those that trusted runs publish to,
 * whoever builds. What pull requests published is taken by no build: a runner's store may outlive
 * this run, and what is in it is built by nobody again.
 */
final class Substituters implements AutoCloseable {
  // a cache that is lost on the way costs seconds, and what it had is built
  private static final Map<String, String> PATIENCE =
      Map.of(
          "fallback", "true",
          "connect-timeout", "5",
          "stalled-download-timeout", "30",
          "download-attempts", "3",
          // what was published a minute ago counts, though it was asked for before
          "narinfo-cache-negative-ttl", "0");

  private final Map<CachePolicy, PublicKey> caches;
  private final Optional<Netrc> netrc;

  private Substituters(Map<CachePolicy, PublicKey> caches, Optional<Netrc> netrc) {
    this.caches = caches;
    this.netrc = netrc;
  }

  /**
   * Asks the caches whether they are there; with a warning where one is not.
   *
   * @param audience whose build it is; only a trusted one gets credentials, for what a pull request
   *     builds could read them
   */
  static Substituters ready(
      Policy policy, Audience audience, Settings settings, Progress progress) {
    boolean trusted = audience == Audience.TRUSTED;
    Optional<Secret> login =
        trusted ? settings.cacheCredentials().map(Substituters::login) : Optional.empty();
    var caches = new LinkedHashMap<CachePolicy, PublicKey>();
    for (CachePolicy cache : policy.cachesFor(Audience.TRUSTED)) {
      Optional<PublicKey> key =
          cache.publicKey().or(() -> settings.signingKey().map(SigningKey::publicKey));
      if (key.isEmpty()) {
        continue;
      }
      switch (BinaryCaches.readiness(cache.url(), login)) {
        case Readiness.Ready() -> caches.put(cache, key.get());
        case Readiness.Empty() -> {}
        case Readiness.Trouble(var why) -> {
          String told = why + " What it has is built again.";
          if (trusted) {
            progress.warn(told);
          } else {
            progress.note(told);
          }
        }
      }
    }
    return new Substituters(caches, login.flatMap(l -> netrc(caches.keySet(), l, progress)));
  }

  // Nix downloads with a login or without one: a bearer token is the password of whomever
  private static Secret login(Secret credentials) {
    String text = credentials.reveal().strip();
    return text.contains(":") ? credentials : new Secret("token:" + text);
  }

  private static Optional<Netrc> netrc(Set<CachePolicy> caches, Secret login, Progress progress) {
    List<String> hosts =
        caches.stream()
            .flatMap(cache -> Optional.ofNullable(cache.url().getHost()).stream())
            .map(host -> host.replaceAll("[\\[\\]]", ""))
            .distinct()
            .sorted()
            .toList();
    if (hosts.isEmpty()) {
      return Optional.empty();
    }
    Path own = new Nix(NixSettings.DEFAULT, progress).netrc();
    try {
      return Optional.of(Netrc.write(hosts, login, Files.exists(own) ? Files.readString(own) : ""));
    } catch (IOException e) {
      progress.warn(
          "Nix gets no login for %s, and builds again what it has: %s"
              .formatted(String.join(", ", hosts), e));
      return Optional.empty();
    }
  }

  /** What Nix is told, as long as this is open. */
  NixSettings settings(boolean showTrace) {
    var urls = new ArrayList<String>();
    var keys = new ArrayList<PublicKey>();
    caches.forEach(
        (cache, key) -> {
          urls.add(cache.url().toString());
          keys.add(key);
        });
    var settings = new NixSettings(urls, keys, Set.of(), showTrace);
    if (urls.isEmpty()) {
      return settings;
    }
    var options = new HashMap<>(PATIENCE);
    netrc.ifPresent(file -> options.put("netrc-file", file.file().toString()));
    return settings.withOptions(options);
  }

  @Override
  public void close() {
    netrc.ifPresent(Netrc::close);
  }
}
