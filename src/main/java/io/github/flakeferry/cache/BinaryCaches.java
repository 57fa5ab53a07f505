package io.github.flakeferry.cache;

import io.github.flakeferry.model.Secret;
import java.net.URI;
import java.util.Optional;

/** Opens caches. */
public final class BinaryCaches {
  private BinaryCaches() {}

  /**
   * Opens the cache at a {@code file://}, {@code http://} or {@code https://} URL; nothing is asked
   * of it yet.
   *
   * @param credentials {@code user:password}, or a bearer token, for HTTP; sent to this host only
   * @throws PublishFailed if there is no such kind of cache
   */
  public static BinaryCache open(URI url, Optional<Secret> credentials) {
    return switch (String.valueOf(url.getScheme())) {
      case "file" -> new DirectoryCache();
      case "http", "https" -> new HttpBinaryCache();
      default ->
          throw new PublishFailed(
              url.toString(),
              Optional.empty(),
              Optional.empty(),
              "'%s' is not a cache that can be published to.".formatted(url),
              "Give a file://, http:// or https:// URL.");
    };
  }
}
