package io.github.flakeferry.model;

/** How a cache keeps what is published to it. */
public record CacheFormat(Compression compression) {
  public static final CacheFormat DEFAULT = new CacheFormat(Compression.ZSTD);
}
