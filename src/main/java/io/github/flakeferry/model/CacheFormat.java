package io.github.flakeferry.model;

/**
 * How a cache keeps what is published to it.
 *
 * @param listings whether it also says what files are in each path
 */
public record CacheFormat(Compression compression, boolean listings) {
  public static final CacheFormat DEFAULT = new CacheFormat(Compression.ZSTD, false);
}
