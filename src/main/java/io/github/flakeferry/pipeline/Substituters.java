package io.github.flakeferry.pipeline;

import io.github.flakeferry.cache.BinaryCaches;
import io.github.flakeferry.cache.Readiness;
import io.github.flakeferry.cache.S3Gateway;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.Substituter;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The caches that a build takes from what was built before: those that trusted runs publish to and
 * those of others that the policy names, whoever builds. What pull requests published is taken by
 * no build: a runner's store may outlive this run, and what is in it is built by nobody again.
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

  private final List<Substituter> caches;
  private final Optional<Netrc> netrc;
  private final Map<Substituter, S3Gateway> gateways;

  private Substituters(
      List<Substituter> caches, Optional<Netrc> netrc, Map<Substituter, S3Gateway> gateways) {
    this.caches = List.copyOf(caches);
    this.netrc = netrc;
    this.gateways = Map.copyOf(gateways);
  }

  /**
   * Asks the caches whether they are there; with a warning where one is not.
   *
   * @param audience whose build it is; only a trusted one gets credentials, for what a pull request
   *     builds could read them, and so only a trusted one reads buckets
   */
  static Substituters ready(
      Policy policy, Audience audience, Settings settings, Progress progress) {
    boolean trusted = audience == Audience.TRUSTED;
    Function<Substituter, Optional<Secret>> login =
        cache ->
            trusted
                ? settings.credentialsFor(cache.url()).map(Substituters::login)
                : Optional.empty();
    Predicate<Substituter> mayBeRead = cache -> trusted || !isBucket(cache);
    Consumer<String> trouble = trusted ? progress::warn : progress::note;
    List<Substituter> ours = ours(policy, settings, mayBeRead, login, trouble);
    // whoever runs the others has no use for our credentials
    List<Substituter> others =
        policy.substituters().stream()
            .filter(mayBeRead)
            .filter(other -> isReady(other, Optional.empty(), trouble, true))
            .toList();
    List<Substituter> all = Stream.concat(ours.stream(), others.stream()).toList();
    Map<Substituter, S3Gateway> gateways =
        all.stream()
            .filter(Substituters::isBucket)
            .collect(Collectors.toMap(c -> c, c -> S3Gateway.to(c.url(), progress)));
    return new Substituters(all, netrc(ours, login, progress), gateways);
  }

  private static boolean isBucket(Substituter cache) {
    return "s3".equals(cache.url().getScheme());
  }

  private static List<Substituter> ours(
      Policy policy,
      Settings settings,
      Predicate<Substituter> mayBeRead,
      Function<Substituter, Optional<Secret>> login,
      Consumer<String> trouble) {
    return policy.cachesFor(Audience.TRUSTED).stream()
        .flatMap(
            cache ->
                cache
                    .publicKey()
                    .or(() -> settings.signingKey().map(SigningKey::publicKey))
                    .map(key -> new Substituter(cache.url(), key, cache.priority()))
                    .stream())
        .filter(mayBeRead)
        .filter(cache -> isReady(cache, login.apply(cache), trouble, false))
        .toList();
  }

  private static boolean isReady(
      Substituter cache,
      Optional<Secret> login,
      Consumer<String> trouble,
      boolean mustHaveSomething) {
    return switch (BinaryCaches.readiness(cache.url(), login)) {
      case Readiness.Ready() -> true;
      case Readiness.Empty() -> {
        if (mustHaveSomething) {
          trouble.accept(cache.url() + " has no nix-cache-info: nothing is taken from it.");
        }
        yield false;
      }
      case Readiness.Trouble(var why) -> {
        trouble.accept(why + " What it has is built again.");
        yield false;
      }
    };
  }

  // Nix downloads with a login or without one: a bearer token is the password of whomever
  private static Secret login(Secret credentials) {
    String text = credentials.reveal();
    return text.contains(":") ? credentials : new Secret("token:" + text);
  }

  private static Optional<Netrc> netrc(
      List<Substituter> caches, Function<Substituter, Optional<Secret>> login, Progress progress) {
    var logins = new TreeMap<String, Secret>();
    for (Substituter cache : caches) {
      if (!isBucket(cache)) {
        Optional.ofNullable(cache.url().getHost())
            .map(host -> host.replaceAll("[\\[\\]]", ""))
            .ifPresent(host -> login.apply(cache).ifPresent(secret -> logins.put(host, secret)));
      }
    }
    if (logins.isEmpty()) {
      return Optional.empty();
    }
    Path own = new Nix(NixSettings.DEFAULT, progress).netrc();
    try {
      return Optional.of(Netrc.write(logins, Files.exists(own) ? Files.readString(own) : ""));
    } catch (IOException e) {
      progress.warn(
          "Nix gets no login for %s, and builds again what it has: %s"
              .formatted(String.join(", ", logins.keySet()), e));
      return Optional.empty();
    }
  }

  /** What Nix is told, as long as this is open. */
  NixSettings settings(boolean showTrace) {
    List<String> urls = caches.stream().map(this::address).toList();
    List<PublicKey> keys = caches.stream().map(Substituter::publicKey).distinct().toList();
    var settings = new NixSettings(urls, keys, Set.of(), showTrace);
    if (urls.isEmpty()) {
      return settings;
    }
    var options = new HashMap<>(PATIENCE);
    netrc.ifPresent(file -> options.put("netrc-file", file.file().toString()));
    return settings.withOptions(options);
  }

  private String address(Substituter cache) {
    S3Gateway gateway = gateways.get(cache);
    String url = (gateway == null ? cache.url() : gateway.url()).toString();
    return cache.priority().isPresent()
        ? url + (url.contains("?") ? "&" : "?") + "priority=" + cache.priority().getAsInt()
        : url;
  }

  @Override
  public void close() {
    netrc.ifPresent(Netrc::close);
    gateways.values().forEach(S3Gateway::close);
  }
}
