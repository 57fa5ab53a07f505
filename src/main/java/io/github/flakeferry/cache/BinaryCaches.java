package io.github.flakeferry.cache;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.S3Location;
import io.github.flakeferry.model.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Opens caches. */
public final class BinaryCaches {
  private static final Duration GLANCE = Duration.ofSeconds(5);

  private BinaryCaches() {}

  /**
   * Opens the cache at a {@code file://}, {@code http://}, {@code https://} or {@code s3://} URL;
   * nothing is asked of it yet.
   *
   * @param credentials {@code user:password} or a bearer token, for HTTP; sent to this host only
   * @throws PublishFailed if there is no such kind of cache
   */
  public static BinaryCache open(URI url, Optional<Secret> credentials) {
    return open(url, credentials, Retries.USUAL);
  }

  /**
   * Looks whether Nix could fetch from a cache. Takes some seconds at most.
   *
   * @param credentials as for {@link #open}
   */
  public static Readiness readiness(URI url, Optional<Secret> credentials) {
    try (var cache = glance(url, credentials)) {
      return CacheInfo.isThere(cache) ? new Readiness.Ready() : new Readiness.Empty();
    } catch (PublishFailed e) {
      return new Readiness.Trouble(e.problem());
    }
  }

  /** One that is asked with little patience. */
  static BinaryCache glance(URI url, Optional<Secret> credentials) {
    return open(url, credentials, new Retries(2, Duration.ofMillis(500)), GLANCE);
  }

  static BinaryCache open(URI url, Optional<Secret> credentials, Retries retries) {
    return open(url, credentials, retries, HttpBinaryCache.PATIENCE);
  }

  private static BinaryCache open(
      URI url, Optional<Secret> credentials, Retries retries, Duration patience) {
    return switch (String.valueOf(url.getScheme())) {
      case "file" -> directory(url);
      case "http", "https" -> http(url, credentials, retries, patience);
      case "s3" -> bucket(url, retries, patience);
      default ->
          throw refused(
              url.toString(),
              "is not a cache that can be published to",
              "Give a file://, s3://, http://");
    };
  }

  private static BinaryCache directory(URI url) {
    String path = url.getPath();
    if (path == null || !path.startsWith("/") || url.getAuthority() != null) {
      throw refused(url.toString(), "is not an absolute path", "Write file:///folder, not file://");
    }
    return new DirectoryCache(Path.of(path));
  }

  private static BinaryCache http(
      URI url, Optional<Secret> credentials, Retries retries, Duration patience) {
    if (url.getHost() == null) {
      throw refused(url.toString(), "has no host", "Write https://host/path, not");
    }
    if (url.getRawUserInfo() != null) {
      // in the address they would end up in logs and on command lines
      throw refused(
          "The URL for " + url.getHost(),
          "has credentials in it",
          "Give them in the environment, and write");
    }
    return new HttpBinaryCache(url, credentials, retries, patience);
  }

  static S3BinaryCache bucket(URI url, Retries retries, Duration patience) {
    try {
      return new S3BinaryCache(S3Location.parse(url), retries, patience);
    } catch (IllegalArgumentException e) {
      throw PublishFailed.of(
          FailureCode.CACHE_ADDRESS,
          PublishFailed.Extent.CACHE,
          "s3://",
          "",
          "The URL of a bucket %s.".formatted(e.getMessage()),
          "Write s3://BUCKET?region=REGION, or s3://BUCKET?endpoint=HOST.");
    }
  }

  private static PublishFailed refused(String url, String problem, String advice) {
    return PublishFailed.of(
        FailureCode.CACHE_ADDRESS,
        PublishFailed.Extent.CACHE,
        url,
        "",
        "%s %s.".formatted(url, problem),
        advice + " an https:// URL.");
  }
}
