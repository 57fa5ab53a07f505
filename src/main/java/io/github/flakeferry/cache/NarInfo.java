package io.github.flakeferry.cache;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;

/**
 * What a cache says of a path.
 *
 * @param url where its NAR is, relative to the cache
 * @param compression {@code zstd}, {@code xz}, {@code none}, …
 * @param fileHash of the compressed NAR
 * @param fileSize bytes of the compressed NAR
 */
public record NarInfo(
    PathInfo info, String url, String compression, Sha256 fileHash, long fileSize) {}
