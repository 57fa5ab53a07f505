package io.github.flakeferry.cache;

import java.util.Optional;

/**
 * What a publication did.
 *
 * @param uploaded paths that the cache got
 * @param present paths that it had
 * @param upstream paths that stayed away, since another cache has them
 * @param left paths that it did not get, though it should have
 * @param compressedBytes bytes of what was uploaded, as they are stored there
 * @param narBytes the same before compression
 * @param failure the first reason why it did not get all
 */
public record PublishResult(
    int uploaded,
    int present,
    int upstream,
    int left,
    long compressedBytes,
    long narBytes,
    Optional<PublishFailed> failure) {}
