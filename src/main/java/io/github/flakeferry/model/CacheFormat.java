package io.github.flakeferry.model;

/**
 * How a cache keeps what is published to it.
 *
 * @param listings whether it also says what files are in each path
 * @param logs whether it also gets the logs of what is built
 */
public record CacheFormat(Compression compression, boolean listings, boolean logs) {
  public static final CacheFormat DEFAULT = of(Compression.ZSTD);

  /** Nothing but the paths. */
  public static CacheFormat of(Compression compression) {
    return new CacheFormat(compression, false, false);
  }
}
