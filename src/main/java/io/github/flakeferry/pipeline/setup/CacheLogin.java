package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.S3Location;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What opens a cache: secrets of the forge, which the workflow hands on. */
enum CacheLogin {
  /** A user and a password, or a token: the action's input {@code cache-credentials}. */
  CREDENTIALS,
  /** What AWS's own tools are given, in the step's environment. */
  AWS_KEYS;

  /** For the caches that take what a push builds. */
  static Set<CacheLogin> of(Policy policy) {
    return policy.cachesFor(Audience.TRUSTED).stream()
        .map(CachePolicy::url)
        .map(CacheLogin::of)
        .flatMap(Optional::stream)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(CacheLogin.class)));
  }

  private static Optional<CacheLogin> of(URI url) {
    return switch (String.valueOf(url.getScheme())) {
      case "http", "https" -> Optional.of(CREDENTIALS);
      // a profile is in files of the runner's own
      case "s3" ->
          S3Location.parse(url).profile().isPresent() ? Optional.empty() : Optional.of(AWS_KEYS);
      default -> Optional.empty();
    };
  }

  List<String> secrets() {
    return switch (this) {
      case CREDENTIALS -> List.of("CACHE_CREDENTIALS");
      case AWS_KEYS -> List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    };
  }
}
